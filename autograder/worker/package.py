"""The student's package `recurrent`, as a worker imports it.

Its own `__init__.py`, if one was handed in, is run only when a name is asked of the package that no
file of it has: `from . import rnn` finds a file. So a slip in it costs those who use it, and not
every file of the submission.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

NAME = "recurrent"


class Package(ModuleType):
    """The package, whose `__init__.py` waits until it is needed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(NAME)
        self.__path__ = [str(folder)]
        self.__file__ = str(folder / "__init__.py")
        self.__package__ = NAME
        self.__spec__ = ModuleSpec(NAME, None, origin=self.__file__, is_package=True)
        self.__spec__.submodule_search_locations = self.__path__
        self.own_names = modules_in(folder)
        self._has_run = False

    def __getattr__(self, name: str) -> Any:
        dunder = name.startswith("__") and name.endswith("__")
        if dunder or name in self.own_names or self._has_run:
            raise AttributeError(f"module {NAME!r} has no attribute {name!r}", name=name, obj=self)
        self._has_run = True
        place = str(self.__file__)
        source = Path(place).read_bytes()
        exec(compile(source, place, "exec", dont_inherit=True), vars(self))
        return getattr(self, name)


def modules_in(folder: Path) -> frozenset[str]:
    """The names of the modules and packages in a folder."""
    found = {path.stem for path in folder.glob("*.py")}
    found |= {path.name for path in folder.iterdir() if path.is_dir()}
    return frozenset(found - {"__init__", "__pycache__"})


def put_in_place(package: str) -> Package:
    """Make `import recurrent` give this package. package: the folder that `recurrent/` lies in."""
    module = Package(Path(package) / NAME)
    sys.modules[NAME] = module
    return module
