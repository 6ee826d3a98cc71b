"""What a lesson's code may import, and do besides calculating: refused with a sentence that names
it.

Three things say no, from the friendliest to the most stubborn. `import` statements in the student's
files go through `__import__`, which knows the line. An audit hook, which Python code cannot remove,
sees every import, every file opened and every process started, however it is spelt. Behind both
stand the kernel's fences, where there are any (`fences`).

An import that is never used costs nothing: at the top of a file it gives a `Tripwire`, which is
refused when touched.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType, MappingProxyType, ModuleType
from typing import Any, NoReturn

NOT_HARMLESS = frozenset(
    {
        *(
            "_ctypes",
            "_interpreters",
            "_multiprocessing",
            "_posixshmem",
            "_posixsubprocess",
            "_socket",
            "_ssl",
        ),
        *(
            "_testcapi",
            "_testinternalcapi",
            "_winapi",
            "_xxsubinterpreters",
            "antigravity",
            "asyncio",
            "ctypes",
        ),
        *(
            "ensurepip",
            "ftplib",
            "http",
            "idlelib",
            "imaplib",
            "multiprocessing",
            "nntplib",
            "pip",
            "poplib",
            "pty",
        ),
        *(
            "smtplib",
            "socket",
            "socketserver",
            "ssl",
            "subprocess",
            "telnetlib",
            "test",
            "tkinter",
            "turtle",
        ),
        *("turtledemo", "urllib.request", "venv", "webbrowser", "winreg", "wsgiref", "xmlrpc"),
    }
)
"""The part of the standard library that talks to other processes, machines and memory."""

OTHER_INTERPRETERS = frozenset(
    {"_interpreters", "_testcapi", "_testinternalcapi", "_xxsubinterpreters"}
)
"""In which no guard would stand. torch itself uses much of the rest."""

SUBMODULES = frozenset({"urllib.request"})

BENEATH_TORCH = frozenset(
    {
        *(
            "filelock",
            "fsspec",
            "functorch",
            "jinja2",
            "markupsafe",
            "mpmath",
            "networkx",
            "packaging",
            "setuptools",
        ),
        *("sympy", "torchgen", "triton", "typing_extensions"),
    }
)
"""What torch itself imports when it likes; a student's file may not."""

SITES = frozenset(os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib"))
"""Where packages are installed."""

ANOTHER_PROCESS = "start another program or process"
REFUSED_EVENTS = {
    "os.killpg": "signal other processes",
    "os.exec": ANOTHER_PROCESS, "os.fork": ANOTHER_PROCESS, "os.forkpty": ANOTHER_PROCESS,
    "os.spawn": ANOTHER_PROCESS,
    "os.posix_spawn": ANOTHER_PROCESS, "os.startfile": ANOTHER_PROCESS,
    "os.system": ANOTHER_PROCESS,
    "subprocess.Popen": ANOTHER_PROCESS, "pty.spawn": ANOTHER_PROCESS,
    "socket.__new__": "use the network", "socket.connect": "use the network",
    "socket.bind": "use the network",
    "ctypes.dlopen": "load a library", "ctypes.dlsym": "load a library",
    "ctypes.call_function": "call machine code",
    "ctypes.string_at": "read raw memory", "ctypes.wstring_at": "read raw memory",
    "gc.get_objects": "look through memory", "gc.get_referrers": "look through memory",
    "sys.addaudithook": "watch the interpreter",
}  # fmt: skip


KNOWN = {
    "numpy": sys.stdlib_module_names - NOT_HARMLESS | {"numpy", "recurrent", "autograder"},
    "torch": sys.stdlib_module_names - OTHER_INTERPRETERS
    | {"numpy", "recurrent", "autograder", "torch"}
    | BENEATH_TORCH,
}
"""The modules that may be imported, by whomever, while a lesson's code runs."""

OPEN_IN = {
    backend: tuple(
        f"{site}{os.sep}{name}" for site in SITES for name in ("numpy", backend, *BENEATH_TORCH)
    )
    for backend in KNOWN
}
"""The installed packages whose files may be opened."""


class Refused(ImportError):
    """The policy forbids this; the message says what and why."""


class RefusedDeed(PermissionError):
    """The same, for what is no import."""


def may_import(name: str, backend: str) -> bool:
    """Whether a student's file of a lesson that needs "numpy" or "torch" may import a module."""
    top = name.partition(".")[0]
    if top in ("numpy", "recurrent", backend):
        return True
    submodule = ".".join(name.split(".")[:2])
    return (
        top in sys.stdlib_module_names and top not in NOT_HARMLESS and submodule not in SUBMODULES
    )


def why_not(name: str, backend: str, own: frozenset[str]) -> str:
    """The sentence for a refused import. own: the names of the student's own files."""
    top = name.partition(".")[0]
    if top in own:
        return f"import your own {top}.py as `from .{top} import ...`"
    allowed = (
        "numpy and the harmless part of the standard library"
        if backend == "numpy"
        else f"{backend} and numpy"
    )
    return f"this lesson may not use {top}, only {allowed}"


def guard(backend: str, package: str, own: frozenset[str], closed: tuple[str, ...] = ()) -> None:
    """Put the guard up, in this process and for good.

    backend: "numpy" or "torch". package: the folder with the student's `recurrent/`. own: the files
        expected in it.
    closed: folders no file of which may be opened, but for what the lesson needs.
    """
    builtins.__import__ = _guarded_import(builtins.__import__, backend, package, own)
    sys.addaudithook(_hook(backend, closed))


def hide(backend: str) -> None:
    """Let what was loaded to get here not be there to be found, in a process that will run nothing
    but workers.
    """
    if backend == "numpy":
        for name in [name for name in sys.modules if name.partition(".")[0] in NOT_HARMLESS]:
            del sys.modules[name]
        sys.modules["urllib.request"] = _offline()
        # numpy.testing imports them and calls nothing of theirs
        for name in ("socket", "subprocess"):
            sys.modules[name] = ModuleType(name)


def _offline() -> ModuleType:
    """In place of urllib.request, which numpy imports before it says that a file is not there."""
    module = ModuleType("urllib.request")

    def urlopen(*arguments: Any, **named: Any) -> NoReturn:
        raise Refused("this lesson may not use the network", name="urllib.request")

    module.urlopen = urlopen  # type: ignore[attr-defined]
    return module


# -------------------------------------------------------------------------------- import statements


def _guarded_import(
    original: Callable[..., Any], backend: str, package: str, own: frozenset[str]
) -> Callable[..., Any]:
    def guarded(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        students = (
            globals is not None and str(globals.get("__name__")).partition(".")[0] == "recurrent"
        )
        if level == 0 and students and not may_import(name, backend):
            refusal = why_not(name, backend, own)
            if _costs_nothing_yet(sys._getframe(1), package) and "*" not in (fromlist or ()):
                return Tripwire(name, refusal)
            raise Refused(refusal, name=name)
        return original(name, globals, locals, fromlist, level)

    return guarded


def _costs_nothing_yet(frame: FrameType, package: str) -> bool:
    """Whether this is an import statement at the top of a file and outside any `try`, whose
    `except` may matter.
    """
    code = frame.f_code
    if code.co_name != "<module>" or not code.co_filename.startswith(package):
        return False
    tree = ast.parse(Path(code.co_filename).read_bytes())
    tried = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    return not any(t.lineno <= frame.f_lineno <= (t.end_lineno or t.lineno) for t in tried)


class Tripwire(ModuleType):
    """Stands for a module that may not be used: it can be imported and named, and anything else is
    refused.
    """

    def __init__(self, name: str, refusal: str) -> None:
        super().__init__(name)
        object.__setattr__(self, "_refusal", refusal)

    def __getattr__(self, name: str) -> Tripwire:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Tripwire(f"{self.__name__}.{name}", object.__getattribute__(self, "_refusal"))


def _touched(wire: Tripwire, *arguments: Any, **named: Any) -> NoReturn:
    raise Refused(object.__getattribute__(wire, "_refusal"), name=wire.__name__)


TOUCHES = """
    call iter next len bool int float complex index str getitem setitem contains setattr enter
    mro_entries instancecheck array array_ufunc array_function neg pos abs invert add radd sub rsub
    mul rmul matmul rmatmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow lt le gt ge eq ne
"""
for _name in TOUCHES.split():
    setattr(Tripwire, f"__{_name}__", _touched)
Tripwire.__hash__ = ModuleType.__hash__  # type: ignore[method-assign]


# ----------------------------------------------------------------------------------- the audit hook


def _hook(backend: str, closed: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    """The hook holds all it needs in its own defaults, out of reach of whoever has its frame from a
    traceback.
    """
    shut = tuple(
        f"{each}{os.sep}" for each in ({*closed} if backend == "torch" else {*SITES, *closed})
    )

    def hook(
        event: str,
        arguments: tuple[Any, ...],
        known: frozenset[str] = KNOWN[backend],
        shut: tuple[str, ...] = shut,
        open_in: tuple[str, ...] = OPEN_IN[backend],
        refused: Mapping[str, str] = MappingProxyType(dict(REFUSED_EVENTS)),
        me: int = os.getpid(),
        tools: Any = (
            Refused,
            RefusedDeed,
            isinstance,
            str,
            bytes,
            int,
            os.fsdecode,
            os.path.realpath,
        ),
    ) -> None:
        import_error, deed_error, is_a, text, raw, whole, decode, real = tools
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
        elif event == "os.kill" and arguments[0] != me:
            raise deed_error(1, "this lesson's code may not signal other processes")
        elif event in refused:
            raise deed_error(1, f"this lesson's code may not {refused[event]}")

    return hook
