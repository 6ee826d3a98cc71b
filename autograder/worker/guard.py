"""What a lesson's code may import, and do besides calculating; the rest is refused, and says so.

Three things say no, from the friendliest to the most stubborn. `import` statements in the student's
files go through `__import__`, which knows the line. An audit hook, which Python code cannot remove,
sees every import, every file opened and every process started, however it is spelt. Both hinder,
and give a sentence; neither holds against who means it: the code that they watch runs in their own
interpreter. What holds is the kernel's fences behind them, where there are any (`fences`).

An import that is never used costs nothing: at the top of a file it gives a `Tripwire`, which
refuses when it is touched.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import FrameType, MappingProxyType, ModuleType
from typing import Any, NoReturn

from autograder.problem import Backend

NOT_HARMLESS = frozenset((
    "_ctypes", "_interpreters", "_multiprocessing", "_posixshmem", "_posixsubprocess", "_socket",
    "_ssl", "_testcapi", "_testinternalcapi", "_winapi", "_xxsubinterpreters", "antigravity",
    "asyncio", "ctypes", "ensurepip", "ftplib", "http", "idlelib", "imaplib", "multiprocessing",
    "nntplib", "pip", "poplib", "pty", "smtplib", "socket", "socketserver", "ssl", "subprocess",
    "telnetlib", "test", "tkinter", "turtle", "turtledemo", "urllib.request", "venv", "webbrowser",
    "winreg", "wsgiref", "xmlrpc",
))  # fmt: skip
"""The part of the standard library that talks to other processes, machines and memory."""

OTHER_INTERPRETERS = frozenset(
    ("_interpreters", "_testcapi", "_testinternalcapi", "_xxsubinterpreters")
)
"""Those in which no guard would stand. All that the torch lesson refuses: torch needs the rest."""

SUBMODULES = frozenset(("urllib.request",))

BENEATH_TORCH = frozenset((
    "filelock", "fsspec", "functorch", "jinja2", "markupsafe", "mpmath", "networkx", "packaging",
    "setuptools", "sympy", "torchgen", "triton", "typing_extensions",
))  # fmt: skip
"""What torch imports at times of its own choosing; a student's file may not."""

SITES = frozenset(os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib"))
"""Where packages are installed."""

REFUSED_DEEDS = {
    "signal other processes": ("os.killpg",),
    "start another program or process": (
        "os.exec", "os.fork", "os.forkpty", "os.spawn", "os.posix_spawn", "os.startfile",
        "os.system", "subprocess.Popen", "pty.spawn",
    ),
    "use the network": ("socket.__new__", "socket.connect", "socket.bind"),
    "load a library": ("ctypes.dlopen", "ctypes.dlsym"),
    "call machine code": ("ctypes.call_function",),
    "read raw memory": ("ctypes.string_at", "ctypes.wstring_at"),
    "look through memory": ("gc.get_objects", "gc.get_referrers", "gc.get_referents"),
    "watch the interpreter": ("sys.addaudithook",),
}  # fmt: skip
"""What a lesson's code may not do -> the audit events that are it."""

REFUSED_EVENTS: dict[str, str] = {}
"""Audit event -> the deed it is."""

for _deed, _events in REFUSED_DEEDS.items():
    REFUSED_EVENTS |= dict.fromkeys(_events, _deed)

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Any of these in the flags of an opened file means that it is opened to be written."""

IN_EVERY_LESSON = frozenset(("numpy", "recurrent", "autograder"))
IN_TORCHS = IN_EVERY_LESSON | BENEATH_TORCH | {"torch"}

KNOWN: dict[Backend, frozenset[str]] = {
    "numpy": (sys.stdlib_module_names - NOT_HARMLESS) | IN_EVERY_LESSON,
    "torch": (sys.stdlib_module_names - OTHER_INTERPRETERS) | IN_TORCHS,
}
"""The modules that may be imported, by any code, while a lesson's code runs."""

OPEN_IN: dict[Backend, tuple[str, ...]] = {}
"""The installed packages whose files may be opened."""

for _backend in KNOWN:
    _open: list[str] = []
    for _name in ("numpy", _backend, *BENEATH_TORCH):
        _open += [f"{site}{os.sep}{_name}" for site in SITES]
    OPEN_IN[_backend] = tuple(_open)


class Refused(ImportError):
    """The policy forbids this; the message says what and why."""


class RefusedDeed(PermissionError):
    """The same, for what is no import."""


NEARLY = 0.8
"""Two names that are this much alike differ by a slip of the finger; `cupy` is no `copy`."""


def may_import(name: str, backend: Backend) -> bool:
    """Whether a student's file of a lesson with this backend may import a module."""
    top = name.partition(".")[0]
    if top in ("numpy", "recurrent", backend):
        return True
    submodule = ".".join(name.split(".")[:2])
    if top in NOT_HARMLESS or submodule in SUBMODULES:
        return False
    return top in sys.stdlib_module_names


def why_not(name: str, backend: Backend, own: frozenset[str]) -> str:
    """The sentence for a refused import. own: the names of the student's own files."""
    top = name.partition(".")[0]
    if top in own:
        return f"import your own {top}.py as `from .{top} import ...`"
    allowed = f"{backend} and numpy"
    if backend == "numpy":
        allowed = "numpy and the harmless part of the standard library"
    return f"this lesson may not use {top}, only {allowed}{_meant(top, backend)}"


def _meant(top: str, backend: Backend) -> str:
    """What to ask whose module is none that Python brings, but nearly the name of one they may use.

    >>> _meant("nunpy", "numpy")
    '; did you mean numpy?'
    >>> _meant("ctypes", "numpy")  # nearly `types`, but a module of its own
    ''
    """
    if top in sys.stdlib_module_names:
        return ""
    allowed = [name for name in sorted(KNOWN[backend]) if may_import(name, backend)]
    # `runpy` is as near to nunpy, but nobody means it.
    near = get_close_matches(top, ["numpy", backend], cutoff=NEARLY)
    near += get_close_matches(top, allowed, cutoff=NEARLY)
    return f"; did you mean {near[0]}?" if near else ""


def guard(
    backend: Backend, package: str, own: frozenset[str], closed: tuple[str, ...] = ()
) -> None:
    """Put the guard up, in this process and for good.

    package: the folder with the student's `recurrent/`.
    own: the names of the files expected in it.
    closed: folders of which no file may be opened, except what the lesson needs.
    """
    builtins.__import__ = guarded_import(builtins.__import__, backend, package, own)
    sys.addaudithook(_hook(backend, closed))


def hide(backend: Backend) -> None:
    """Remove what we needed and the lesson may not have from `sys.modules`, in a worker or before.

    torch itself needs much of it, so there it stays.
    """
    if backend != "numpy":
        return
    for name in list(sys.modules):
        if name.partition(".")[0] in NOT_HARMLESS:
            del sys.modules[name]
    sys.modules["urllib.request"] = _offline()
    # numpy.testing imports them and calls nothing of theirs
    for name in ("socket", "subprocess"):
        sys.modules[name] = ModuleType(name)


def _offline() -> ModuleType:
    """In place of urllib.request, which numpy imports before it says that a file is missing."""
    module = ModuleType("urllib.request")

    def urlopen(*arguments: Any, **named: Any) -> NoReturn:
        raise Refused("this lesson may not use the network", name="urllib.request")

    module.urlopen = urlopen  # type: ignore[attr-defined]
    return module


# -------------------------------------------------------------------------------- import statements


def guarded_import(
    original: Callable[..., Any], backend: Backend, package: str, own: frozenset[str]
) -> Callable[..., Any]:
    """An `__import__` that refuses to the student's files what their lesson may not use."""

    def guarded(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        importer = "" if globals is None else str(globals.get("__name__"))
        students = importer.partition(".")[0] == "recurrent"
        # what numpy and the rest import for themselves, and `from .rnn import ...`, is their affair
        if level != 0 or not students or may_import(name, backend):
            return original(name, globals, locals, fromlist, level)
        refusal = why_not(name, backend, own)
        # a star would have to say what there is
        if "*" not in (fromlist or ()) and _costs_nothing_yet(sys._getframe(1), package):
            return Tripwire(name, refusal)
        raise Refused(refusal, name=name)

    return guarded


def _costs_nothing_yet(frame: FrameType, package: str) -> bool:
    """Whether this is an import statement at the top of a file and outside any `try`."""
    code = frame.f_code
    if code.co_name != "<module>" or not code.co_filename.startswith(package):
        return False
    tree = ast.parse(Path(code.co_filename).read_bytes())
    tried = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    # a `try` around it may have something else to go on with, and has to be told at once
    return not any(
        node.lineno <= frame.f_lineno <= (node.end_lineno or node.lineno) for node in tried
    )


class Tripwire(ModuleType):
    """Stands for a module that may not be used: it can be imported and named, and no more."""

    def __init__(self, name: str, refusal: str) -> None:
        super().__init__(name)
        # not by a plain assignment: to assign to a tripwire is to touch it
        object.__setattr__(self, "_refusal", refusal)

    def __getattr__(self, name: str) -> Tripwire:
        # Python asks for such names by itself, as for `__path__` in an import
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        # a part of it may be named too, as in `from torch import nn`
        return Tripwire(f"{self.__name__}.{name}", object.__getattribute__(self, "_refusal"))


def _touched(wire: Tripwire, *arguments: Any, **named: Any) -> NoReturn:
    raise Refused(object.__getattribute__(wire, "_refusal"), name=wire.__name__)


TOUCHES = """
    call iter next len bool int float complex index str getitem setitem contains setattr enter
    mro_entries instancecheck array array_ufunc array_function neg pos abs invert add radd sub rsub
    mul rmul matmul rmatmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow lt le gt ge eq ne
"""
# On the class: Python looks there for these, and not at the instance.
for _name in TOUCHES.split():
    setattr(Tripwire, f"__{_name}__", _touched)


# ----------------------------------------------------------------------------------- the audit hook


def _hook(backend: Backend, closed: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    """The hook that refuses what is not for a lesson's code, whoever does it."""
    # All that it decides by are its own defaults. Its globals could be set by student code: a
    # refusal's traceback has its frame, and the frame has them.
    folders = {*closed}
    if backend == "numpy":
        folders |= SITES
    shut = tuple(f"{folder}{os.sep}" for folder in folders)

    def hook(
        event: str,
        arguments: tuple[Any, ...],
        known: frozenset[str] = KNOWN[backend],
        shut: tuple[str, ...] = shut,
        open_in: tuple[str, ...] = OPEN_IN[backend],
        refused: Mapping[str, str] = MappingProxyType(dict(REFUSED_EVENTS)),
        me: int = os.getpid(),
        to_write: int = WRITING,
        nowhere: str = os.devnull,
        tools: Any = (Refused, RefusedDeed, isinstance, str, bytes, os.fsdecode, os.path.realpath),
    ) -> None:
        import_error, deed_error, is_a, text, raw, decode, real = tools
        if event == "import":
            name = arguments[0]
            if is_a(name, text) and name.partition(".")[0] not in known:
                raise import_error(f"this lesson may not use {name.partition('.')[0]}", name=name)
        elif event == "open":
            path = arguments[0]
            if is_a(path, (text, raw)):
                path = real(decode(path))
                if path.startswith(shut) and not path.startswith(open_in):
                    raise deed_error(1, "this lesson's code may not open that file")
                if arguments[2] & to_write and path != nowhere:
                    raise deed_error(1, "this lesson's code may not write files: print instead")
        elif event == "os.kill" and arguments[0] != me:
            raise deed_error(1, "this lesson's code may not signal other processes")
        elif event in refused:
            raise deed_error(1, f"this lesson's code may not {refused[event]}")

    return hook
