"""The catalogue: what a submission does, and what that costs it.

Every problem that an item does not name is passed, with all its points. Most items attack one
function at the end of the chain of dependencies, `last_hidden_backward`: the forward half of it
comes before it, and other problems follow. `elsewhere` names the environments in which a cheat is
known to succeed; that is asserted, too, and SECURITY.md says so.

The numbers are those of the list of faults and cheats with which the catalogue began; `own` marks
what came later.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.adversarial import attacks, odd_files

RNN = (
    "rnn_step_forward",
    "rnn_step_backward",
    "rnn_forward",
    "rnn_backward",
    "rnn_backward_truncated",
    "last_hidden",
    "last_hidden_backward",
)
HEAD = (
    "temporal_affine_forward",
    "temporal_affine_backward",
    "temporal_softmax_loss",
    "perplexity",
)
LESSONS = ("rnn", "head")

Statuses = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One submission: the reference, changed.

    kind: fault or cheat.
    bodies: `lesson.function` -> its new body. files: module -> its text, None for no file.
    expect: problem -> status, or statuses with `|` between them; no status means passed, and every
        problem that is not here is passed.
    says: words, or alternatives with `|` between them, in the message on the first of these.
    never: texts that must not be in results.json. notes: words that are said of the files.
    build: changes the folder that is handed in.
    elsewhere: environment -> what is expected there instead, where the layer that stops it is
        missing.
    """

    number: str
    what: str
    kind: str
    bodies: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str | None] = field(default_factory=dict)
    expect: Statuses = field(default_factory=dict)
    says: str = ""
    never: tuple[str, ...] = ()
    notes: str = ""
    build: Callable[[Path], None] | None = None
    elsewhere: Mapping[str, Statuses] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.number} {self.what}"


LEAF = "last_hidden_backward"
RIGHT = "shape, rows, last = cache\ndh = np.zeros(shape)\ndh[rows, last] = dout\n"
AND_RIGHT = f"\n{RIGHT}return dh"
ZEROS = "return np.zeros(cache[0])"


def leaf(
    number: str,
    what: str,
    body: str,
    status: str = "",
    says: str = "",
    kind: str = "fault",
    **more: object,
) -> Item:
    """An item that changes the leaf only."""
    return Item(
        number,
        what,
        kind,
        {f"rnn.{LEAF}": body},
        expect={LEAF: status} if status else {},
        says=says,
        **more,  # type: ignore[arg-type]
    )


def cheat(
    number: str, what: str, body: str, status: str = "error", says: str = "", **more: object
) -> Item:
    """A leaf that wants points it has not earned."""
    return leaf(number, what, body, status, says, "cheat", **more)


def head(
    number: str, what: str, text: str | None, status: str = "error", says: str = "", **more: object
) -> Item:
    """An item that replaces the file head.py; rnn.py keeps its points."""
    expect = dict.fromkeys(HEAD, status) if status else {}
    return Item(number, what, "fault", files={"head": text}, expect=expect, says=says, **more)  # type: ignore[arg-type]


def at_import(
    number: str,
    what: str,
    line: str,
    status: str = "",
    says: str = "",
    kind: str = "fault",
    **more: object,
) -> Item:
    """An item that adds lines to the end of head.py."""
    expect = dict.fromkeys(HEAD, status) if status else {}
    files = {"head": f"@HEAD@\n{line}\n"}
    return Item(number, what, kind, files=files, expect=expect, says=says, **more)  # type: ignore[arg-type]


def folder(
    number: str,
    what: str,
    build: Callable[[Path], None],
    status: str = "",
    says: str = "",
    kind: str = "fault",
) -> Item:
    """An item that changes what is handed in; its status is that of head.py's problems."""
    return Item(
        number,
        what,
        kind,
        expect=dict.fromkeys(HEAD, status) if status else {},
        says=says,
        build=build,
    )


FAULTS = (
    leaf("1", "an endless loop", "while True: pass", "timeout", "no answer"),
    leaf("1", "an endless loop that swallows everything", attacks.SWALLOWS, "timeout"),
    leaf("2", "deaf to SIGTERM and asleep", "import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(99)", "timeout"),
    leaf("3", "recursion without a floor", "f = lambda n: f(n + 1)\nreturn f(0)", "error", "RecursionError"),
    leaf("3", "recursion past the stack", "import sys\nsys.setrecursionlimit(10**7)\nf = lambda n: f(n + 1)\nreturn f(0)", "error|timeout"),
    leaf("4", "a fork bomb", "import os\nwhile True: os.fork()", "error", "start another program or process"),
    leaf("5", "four gigabytes", "bytearray(4 << 30)", "error", "MemoryError"),
    leaf("5", "eight gigabytes of ones", "np.ones(2**30)", "error", "MemoryError"),
    leaf("6", "an answer of 80 MB", "return np.zeros(10**7)", "failed", "larger than anything asked for"),
    leaf("7", "100 MB printed", "import sys\nprint('x' * 10**8 * (not hasattr(sys, 'told')))\nsys.told = True" + AND_RIGHT),
    leaf("7", "20 MB printed, line by line", "import sys\nfor _ in range(2): sys.stdout.write(('spam' * 99 + '\\n') * 25000)" + AND_RIGHT),
    leaf("8", "sys.exit(0) in a function", "import sys\nsys.exit(0)", "error", "SystemExit"),
    at_import("8", "sys.exit(0) on import", "import sys\nsys.exit(0)", "error", "SystemExit"),
    leaf("9", "os._exit(0)", "import os\nos._exit(0)", "error", "exit code 0"),
    leaf("10", "a segmentation fault", "import faulthandler\nfaulthandler._sigsegv()", "error", "SIGSEGV"),
    leaf("10", "abort", "import os\nos.abort()", "error", "SIGABRT"),
    leaf("11", "a process that stops itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
    leaf("12", "a thread left running", "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()" + AND_RIGHT),
    leaf("13", "NaN", "return np.full(cache[0], np.nan)", "failed", "NaN"),
    leaf("13", "infinity", "return np.full(cache[0], np.inf)", "failed", "infinities"),
    leaf("14", "float32 for float64", f"{RIGHT}return dh.astype(np.float32)"),
    leaf("14", "whole numbers for real ones", f"{RIGHT}return dh.astype(int)", "failed"),
    leaf("14", "booleans for numbers", f"{RIGHT}return dh != 0", "failed"),
    leaf("14", "complex numbers", f"{RIGHT}return dh + 0j", "failed", "an array of complex numbers"),
    leaf("15", "nothing returned", "pass", "failed", "yours is None"),
    Item("15", "nothing where two are wanted", "fault", {"rnn.last_hidden": "return None"}, expect={"last_hidden": "error", LEAF: "error"}, says="you returned None; two results are wanted, in this order: out, cache"),
    Item("16", "three where two are wanted", "fault", {"rnn.last_hidden": "return h, h, h"}, expect={"last_hidden": "error", LEAF: "error"}, says="you returned three results; two results are wanted, in this order: out, cache"),
    leaf("17", "a shape that would broadcast", f"{RIGHT}return dh[..., None]", "failed", "should be (N, T, H)"),
    leaf("18", "its argument changed", f"{RIGHT}dout *= 0\nreturn dh", "", "changed its argument dout"),
    leaf("19", "yesterday's answer overwritten", attacks.OVERWRITES),
    leaf("20", "an object array", "return np.array([None, dout], dtype=object)", "failed", "Python objects"),
    leaf("20", "a generator", "return (row for row in dout)", "failed", "a generator"),
    leaf("20", "a dict", "return {'dh': dout}", "failed", "a dict"),
    leaf("20", "a list of a million", "return list(range(10**6))", "failed", "larger than anything asked for"),
    leaf("20", "a list nested forty deep", "x = []\nfor _ in range(40): x = [x]\nreturn x", "failed"),
    leaf("20", "a list that holds itself", "x = []\nx.append(x)\nreturn x", "failed|error"),
    leaf("20", "a number with five thousand digits", "return 10**5000", "failed"),
    leaf("20", "a text", "return 'dh'", "failed", "a str"),
    leaf("20", "ragged lists", "return [[1.0], [1.0, 2.0]]", "failed", "parts of different shapes"),
    leaf("21", "nothing in it", "return np.zeros((0, 3))", "failed"),
    leaf("21", "a lone number", "return np.float64(1.0)", "failed"),
    leaf("21", "Fortran order", f"{RIGHT}return np.asfortranarray(dh)"),
    leaf("21", "negative strides", f"{RIGHT}return dh[::-1].copy()[::-1]"),
    leaf("21", "big-endian", f"{RIGHT}return dh.astype('>f8')"),
    leaf("21", "read-only", f"{RIGHT}dh.flags.writeable = False\nreturn dh"),
    leaf("21", "a masked array", f"{RIGHT}return np.ma.array(dh)"),
    leaf("21", "lists of lists", f"{RIGHT}return dh.tolist()"),
    Item("21", "np.matrix", "fault", {"rnn.last_hidden": "rows = np.arange(len(h))\nlast = lengths - 1\nreturn np.matrix(h[rows, last]), (h.shape, rows, last)"}),
    head("22", "a syntax error", "x = 1\ndef oops(:\n", "error", "head.py, line 2"),
    head("22", "tabs among spaces", "def f():\n        x = 1\n\ty = 2\n", "error", "head.py, line 3"),
    head("22", "Python 2", "print 'hello'\n", "error", "Missing parentheses"),
    at_import("23", "a package that is not there, unused", "import no_such_package, matplotlib.pyplot as plt\nfrom sklearn.metrics import accuracy_score"),
    at_import("23", "a package that is not there, used", "import no_such_package\nno_such_package.start()", "error", "no_such_package"),
    at_import("23", "a fallback for a package that is not there", "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np"),
    at_import("23", "a circular import", "from .head import no_such_function", "error", "no_such_function"),
    head("24", "no file", None, "error", "head.py is missing"),
    head("24", "an empty file", "", "error", "head.py has no function"),
    folder("24", "HEAD.PY", odd_files.upper_case),
    folder("24", "head (1).py", odd_files.numbered),
    folder("25", "a byte order mark", odd_files.byte_order_mark),
    folder("25", "UTF-16", odd_files.utf16),
    folder("25", "CRLF", odd_files.crlf),
    folder("25", "Latin-1 without saying so", odd_files.latin1),
    folder("25", "zero bytes", odd_files.zero_bytes, "error", "head.py"),
    folder("26", "nested one deeper", odd_files.nested),
    folder("26", "flat", odd_files.flat),
    folder("26", "a zip in the folder", odd_files.zipped),
    folder("26", "what macOS and Jupyter leave", odd_files.litter),
    folder("27", "a notebook of 50 MB beside it", odd_files.notebook),
    folder("28", "a loop of links", odd_files.link_loop),
    folder("28", "a pipe named head.py", odd_files.pipe, "error", "was left out"),
    folder("28", "six thousand files", odd_files.many),
    folder("28", "a zip bomb beside it", odd_files.bomb),
    folder("28", "a hard link", odd_files.hard_link, "error", "was left out"),
    leaf("29", "somebody's own path", r"return np.loadtxt('C:\\Users\\me\\data.csv')", "error", "FileNotFoundError"),
    leaf("30", "a relative path", "return np.loadtxt('data.csv')", "error", "FileNotFoundError"),
    leaf("30", "notes written in the working folder", "open('log.txt', 'a').write('x')\nnp.save('dout.npy', dout)" + AND_RIGHT, "error", "may not write files"),
    at_import("31", "debugging left in: slow", "sum(range(10**6))"),
    at_import("31", "debugging left in: input()", "input('go on? ')", "error", "EOFError"),
    at_import("31", "debugging left in: breakpoint()", "breakpoint()", "error", "BdbQuit"),
    leaf("31", "debugging left in: a plot", "import matplotlib.pyplot as plt\nplt.show()", "error", "this lesson may not use matplotlib"),
    leaf("32", "a flood of warnings", "import warnings\nfor n in range(3000): warnings.warn(f'{n}')" + AND_RIGHT),
    at_import("32", "warnings as errors, numpy's too", "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')"),
    at_import("33", "global settings changed", attacks.CHANGES_SETTINGS),
    leaf("33", "another working folder", "import os\nos.chdir('/')" + AND_RIGHT),
    leaf("33", "no standard output", "import sys\nsys.stdout = sys.stderr = None" + AND_RIGHT),
    leaf("33", "descriptors 0 to 2 closed", "import os\nos.closerange(0, 3)" + AND_RIGHT),
    leaf("33", "all descriptors closed", "import os\nos.closerange(0, 99)", "error", "closed its connection|SIG|exit code"),
    folder("34", "its own numpy.py, json.py, torch/ and sitecustomize.py", odd_files.impostors),
    leaf("35", "BaseException", "raise BaseException('x')", "error", "BaseException"),
    leaf("35", "KeyboardInterrupt", "raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
    leaf("35", "an exception that cannot be printed", "class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "error"),
    leaf("35", "an exception of 100 MB", "raise ValueError('x' * 10**8)", "error", "ValueError: xxx"),
    leaf("35", "an exception whose text is no text", attacks.TEXT_OF_NOTHING, "error"),
    leaf("36", "a file of a gigabyte", "f = open('big', 'wb')\nfor _ in range(1000): f.write(bytes(10**6))\nf.flush()", "error", "may not write files"),
    leaf("36", "a thousand files", "for n in range(1000): open(str(n), 'w').close()" + AND_RIGHT, "error", "may not write files"),
    leaf("36", "a thousand files, past the guard", "import os\nfor n in range(1000): os.mkdir(str(n))" + AND_RIGHT, "error", "PermissionError|Permission denied|Operation not permitted"),
    leaf("36", "three thousand folders, each in the last", "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')" + AND_RIGHT, "error"),
    leaf("36", "folders nobody may enter", "import os, tempfile\nd = tempfile.mkdtemp(dir='.')\nopen(d + '/c', 'w').close()\nos.chmod(d, 0)" + AND_RIGHT, "error"),
    leaf("37", "a pool of processes", "import multiprocessing\nreturn multiprocessing.Pool(2).map(len, [])", "error", "may not use multiprocessing"),
    leaf("37", "a pool of threads", "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(2).map(len, ['']))" + AND_RIGHT),
    at_import("38", "a lambda, a default more, a partial", "perplexity = (lambda f: lambda a, b, c=1: f(a, b))(perplexity)"),
    Item("38", "a class", "fault", files={"head": "@HEAD@\nclass perplexity:\n    pass\n"}, expect={"perplexity": "error"}, says="takes no arguments"),
    Item("38", "an async function", "fault", files={"head": "@HEAD@\nasync def perplexity(a, b):\n    return a\n"}, expect={"perplexity": "failed"}, says="coroutine"),
    Item("38", "too few parameters", "fault", files={"head": "@HEAD@\ndef perplexity(a):\n    return a\n"}, expect={"perplexity": "error"}, says="takes 1 positional argument"),
    Item("38", "lru_cache", "fault", files={"head": "@HEAD@\nimport functools\nperplexity = functools.lru_cache(perplexity)\n"}, expect={"perplexity": "error"}, says="unhashable"),
    Item("38", "not a function at all", "fault", files={"head": "@HEAD@\nperplexity = 42\n"}, expect={"perplexity": "error"}, says="not callable"),
    leaf("39", "right the first time only", attacks.ONCE, "failed"),
    leaf("39", "slow on the first call only", "import time\nif not hasattr(np, 'seen'): time.sleep(0.3)\nnp.seen = 1" + AND_RIGHT),
    Item("39", "random weights nobody seeded", "fault", {"rnn.last_hidden_backward": f"{RIGHT}return dh * (1 + np.random.rand())"}, expect={LEAF: "failed"}),
    leaf("own 1", "a regular expression that never ends", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')", "timeout"),
    leaf("own 2", "one long call into C", "10**10**8", "timeout|error"),
    leaf("own 3", "one long call into BLAS", "a = np.ones((3000, 3000))\nwhile True: a = a @ a / 3000", "timeout"),
    leaf("own 4", "StopIteration", "raise StopIteration", "error", "StopIteration"),
    leaf("own 5", "GeneratorExit", "raise GeneratorExit", "error", "GeneratorExit"),
    leaf("own 6", "an alarm that fires in the grader's code", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\nsignal.signal(signal.SIGALRM, lambda *a: 1 / 0)\nwhile True: pass", "error|timeout"),
    leaf("own 7", "no room for recursion", "import sys\nsys.setrecursionlimit(20)" + AND_RIGHT, "error|"),
    leaf("own 8", "two hundred open files", "keep = [open(np.__file__) for _ in range(200)]", "error", "Too many open files"),
    # Where memory ends between a thread's stack and its first step, Python waits for that thread
    # for ever (2 runs in 101).
    leaf("own 9", "a thousand threads", attacks.THREADS, "error|timeout|", ""),
    at_import("own 10", "a file of thirty thousand lines", "x = 0\n" * 30_000),
    at_import("own 11", "a name that is not there, found by __getattr__", "def __getattr__(name): raise RuntimeError(name)"),
    leaf("own 12", "a parser's nightmare", "eval('(' * 10**5)", "error", "SyntaxError|MemoryError|too many nested"),
    leaf("own 13", "deleted modules", "import sys\nsys.modules.clear()" + AND_RIGHT, "error|"),
    leaf("own 14", "no builtins", "import builtins\nfor name in list(vars(builtins)): delattr(builtins, name)", "error"),
    leaf("own 15", "a lock held for ever", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", "timeout"),
    # Python 3.13 defuses it; what is left is a function that returns nothing.
    leaf("own 16", "a garbage collector's bomb", "class D:\n    def __del__(self): D()\nD()", "failed" if sys.version_info >= (3, 13) else "error|timeout"),
    leaf("own 17", "arrays until the memory ends", "x = []\nwhile True: x.append(np.empty(10**7))", "error", "MemoryError"),
    folder("own 30", "a codec that always raises", odd_files.unknown_codec, "error", "coding line"),
    folder("own 30", "a megabyte for a quadratic codec", odd_files.slow_codec, "error", "coding line"),
    folder("own 30", "an odd codec in the second line", odd_files.second_line_codec, "error", "coding line"),
    folder("own 31", "a zip with a member without a name", odd_files.nameless_member),
    folder("own 31", "a zip with members at odd places", odd_files.members_with_odd_paths),
    Item("own 32", "a zip whose name moves the cursor", "fault", build=odd_files.zip_with_colours, notes="it was unpacked"),
    # the sleepers are still there, in the process that both share, when the other one wants its own
    Item("own 33", "sleeping threads before one that is needed", "fault", {f"rnn.{LEAF}": attacks.SLEEPERS, "head.perplexity": attacks.THREAD_OF_ITS_OWN}, expect={LEAF: "error|timeout|"}),
    Item("own 34", "a huge output when it is differentiated", "fault", {"head.temporal_affine_forward": attacks.HUGE_IF_DIFFERENTIATED, "head.temporal_affine_backward": "x, W = cache\nreturn np.ones_like(x), np.ones_like(W), np.ones(W.shape[1])"}, expect={"temporal_affine_backward": "failed"}, never=("numeric differentiation",)),
    Item("own 34", "a megabyte for each answer", "fault", {f"rnn.{name}": "return (np.zeros(10**6, dtype=bool),) * 5" for name in ("rnn_step_backward", "rnn_backward", "rnn_backward_truncated")}, expect=dict.fromkeys(("rnn_step_backward", "rnn_backward", "rnn_backward_truncated"), "failed"), says="larger than anything asked for"),
)  # fmt: skip

CHEATS = (
    cheat("41", "reads the casebook", attacks.READ_CASEBOOK, "error", elsewhere={"user, no fences": {}}),
    cheat("41", "reads a solution", "exec(open('@SOLUTION@').read(), globals())\nreturn solved(dout, cache)", "error", elsewhere={"user, no fences": {}}),
    cheat("41", "looks for files", "import glob, os\nfound = glob.glob('@PLACE@/**', recursive=True)\nreturn np.zeros(cache[0]) + len(found)", "failed"),
    cheat("42", "walks the frames", attacks.WALK_FRAMES, "failed|error"),
    cheat("42", "looks through the memory", "import gc\nfor x in gc.get_objects(): pass\n" + ZEROS, "error", "look through memory"),
    cheat("43", "writes results.json", "open('@RESULTS@/results.json', 'w').write('{\"score\": 100}')\n" + ZEROS, "error"),
    cheat("43", "puts a link in the place of results.json", "import os\nos.symlink('/tmp', '@RESULTS@/x')\n" + ZEROS, "error"),
    cheat("43", "moves the results away", "import os\nos.rename('@RESULTS@', '@RESULTS@2')\n" + ZEROS, "error"),
    cheat("44", "edits the grader", "open('@GRADER@', 'a').write('#')\n" + ZEROS, "error"),
    cheat("45", "writes at the end", attacks.AT_EXIT, "failed"),
    cheat("46", "patches numpy's comparisons", "np.array_equal = np.allclose = np.testing.assert_allclose = lambda *a, **k: True\n" + ZEROS, "failed"),
    cheat("46", "patches the built-in functions", "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.isinstance = lambda *a: True\n" + ZEROS, "failed|error"),
    cheat("47", "an array that equals everything", attacks.EQUAL_ARRAY, "failed"),
    cheat("47", "an object that equals everything", attacks.EQUAL_OBJECT, "failed"),
    cheat("47", "an object that is another array every time", attacks.CHANGING, "failed"),
    cheat("48", "a pickle's payload", attacks.REDUCE, "failed"),
    cheat("48", "raw pickles on every descriptor", attacks.RAW_PICKLES, "error", "could not be read"),
    cheat("49", "a reply of its own, early", attacks.EARLY_REPLY, "failed|error"),
    cheat("49", "a reply that claims an exabyte", attacks.frame("{}", lengths=(100, 2**32 - 1)), "error", "could not be read"),
    cheat("49", "a deep JSON", attacks.frame("[" * 90000), "error", "could not be read"),
    cheat("49", "a reply to another question", attacks.frame('{"id": 99, "fault": null}'), "error", "a question that was not asked|more came back"),
    cheat("49", "two replies at once", attacks.frame('{"id": 1}', times=2), "error"),
    cheat("49", "half a reply, then sleep", attacks.frame('{"id": 1', lengths=(500, 0), then="import time\ntime.sleep(99)"), "timeout"),
    cheat("49", "an array of Python objects", attacks.tensor_frame("O", [1], [0, 8], 8), "error", "could not be read"),
    cheat("49", "overlapping arrays", attacks.tensor_frame("F64", [2], [0, 16], 8), "error", "could not be read"),
    cheat("49", "a negative extent", attacks.tensor_frame("F64", [1], [8, 0], 8), "error", "could not be read"),
    cheat("49", "a shape that overflows", attacks.tensor_frame("F64", [2**62, 4], [0, 0], 0), "error", "could not be read"),
    cheat("49", "noise", "import os\nos.write(4, os.urandom(10**5))\n" + ZEROS, "error", "could not be read"),
    cheat("50", "the answers to the public cases", "@PUBLIC_ANSWERS@", "failed"),
    cheat("51", "behaves where it thinks nobody looks", "import os\nreturn dout * 0 if os.environ.get('OPENBLAS_NUM_THREADS') else dout", "failed|error"),
    cheat("52", "import torch", "import torch\n" + ZEROS, "error", "this lesson may not use torch"),
    cheat("52", "torch by __import__", "__import__('to' + 'rch')\n" + ZEROS, "error", "this lesson may not use torch"),
    cheat("52", "torch by importlib", "import importlib\nimportlib.import_module('torch')\n" + ZEROS, "error"),
    cheat("52", "torch by exec", "exec('import torch', {})\n" + ZEROS, "error", "this lesson may not use torch"),
    cheat("52", "torch by exec of base64", "import base64\nexec(base64.b64decode('aW1wb3J0IHRvcmNo'), {'__name__': 'numpy'})\n" + ZEROS, "error", "this lesson may not use torch"),
    cheat("52", "torch by getattr", "import builtins\ngetattr(builtins, '__imp' + 'ort__')('torch', {}).tensor(1)\n" + ZEROS, "error", "this lesson may not use torch"),
    cheat("52", "torch by a finder of its own", attacks.OWN_FINDER, "error"),
    cheat("52", "torch with the guard taken down", attacks.GUARD_DOWN, "error"),
    cheat("52", "torch in a program of its own", "import sys, os\nos.execv(sys.executable, [sys.executable, '-c', 'import torch'])", "error", "start another program or process"),
    cheat("52", "scipy", "from scipy.special import expit\n" + ZEROS, "error", "this lesson may not use scipy"),
    at_import("52", "torch at the top of the file, unused", "import torch\nfrom torch import nn", kind="cheat"),
    Item("52", "torch at the top of the file, used in one function", "cheat", files={"head": "import torch\nfrom torch.nn import functional as F\n@HEAD@\ndef perplexity(a, b):\n    return F.relu(a)\n"}, expect={"perplexity": "error"}, says="this lesson may not use torch"),
    cheat("54", "machine code", "import ctypes\nctypes.string_at(0)", "error", "may not use ctypes"),
    cheat("54", "machine code through numpy's own ctypes", "np._core._internal.ctypes.string_at(0)\n" + ZEROS, "error", "read raw memory"),
    cheat("55", "the judge's memory", "open('/proc/@JUDGE@/mem', 'rb').read(1)\n" + ZEROS, "error"),
    cheat("55", "the judge's environment", "print(open('/proc/@JUDGE@/environ').read())\n" + ZEROS, "error", never=("tok3n",)),
    cheat("55", "the judge's descriptors", "import os\nfor fd in os.listdir('/proc/@JUDGE@/fd'): open(f'/proc/@JUDGE@/fd/{fd}').read()\n" + ZEROS, "error"),
    cheat("56", "its own environment", "import os\nprint(os.environ)\n" + ZEROS, "failed", never=("tok3n",)),
    cheat("57", "a daemon in the next room", attacks.DAEMON, "error"),
    cheat("57", "kill everybody", "import os\nos.kill(-1, 9)", "error"),
    cheat("57", "kill its group", "import os\nos.killpg(0, 9)", "error"),
    cheat("57", "stop the judge", "import os, signal\nos.kill(@JUDGE@, signal.SIGSTOP)\n" + ZEROS, "error", "signal other processes"),
    cheat("57", "stop its parent", "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\n" + ZEROS, "error", "signal other processes"),
    cheat("58", "the network", "import socket\nsocket.create_connection(('127.0.0.1', 9))\n" + ZEROS, "error", "may not use socket"),
    cheat("58", "the network, lower down", "exec('import _socket; _socket.socket()', {})\n" + ZEROS, "error", "may not use _socket"),
    cheat("58", "a download", "from urllib.request import urlopen\nurlopen('http://127.0.0.1/')\n" + ZEROS, "error"),
    cheat("58", "curl", "import os\nos.system('curl http://127.0.0.1/')\n" + ZEROS, "error", "start another program or process"),
    cheat("59", "hidden inputs in what it prints", attacks.on_hidden("print('LEAK', dout)"), "failed", never=("LEAK",)),
    cheat("59", "hidden inputs in an exception", attacks.on_hidden("raise ValueError(f'LEAK {dout}')"), "error", "a hidden one has none", never=("LEAK",)),
    cheat("59", "hidden inputs in an exception's name", attacks.on_hidden("raise type(f'LEAK{dout[0, 0]}', (Exception,), {})"), "error", "a hidden one has none", never=("LEAK",)),
    cheat("59", "hidden inputs in a file's name", attacks.on_hidden("exec(compile('1/0', str(dout[0, 0]) + 'LEAK.py', 'exec'))"), "error", never=("LEAK",)),
    cheat("59", "hidden inputs in a function's name", attacks.on_hidden("f = lambda: 1 / 0\nf.__name__ = f.__qualname__ = 'LEAK'\nf()"), "error", never=("LEAK",)),
    cheat("59", "hidden inputs in a warning", attacks.on_hidden("import warnings\nwarnings.warn(f'LEAK {dout}')"), "failed", never=("LEAK",)),
    cheat("59", "hidden inputs in a forged fault", attacks.on_hidden(attacks.forged_fault("LEAK")), "error", never=("LEAK",)),
    folder("61", "a link to a solution", odd_files.link_to_solution, "error", "was left out", "cheat"),
    folder("62", "conftest.py, setup.py, .pth, pytest.ini", odd_files.hooks, kind="cheat"),
    cheat("63", "the last results", "print(open('@METADATA@').read())\n" + ZEROS, "error", never=("PREVIOUS",), elsewhere={"user, no fences": {LEAF: "failed"}}),
    cheat("64", "the worker rewritten in memory", attacks.REWRITE_WORKER, "failed|error"),
    cheat("64", "the probe rewritten in memory", attacks.REWRITE_PROBE, "failed|error"),
    cheat("65", "clocks that stand still", "import time, signal\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0\nsignal.alarm(0)\nwhile True: pass", "timeout"),
    cheat("66", "colours, HTML and letters that run backwards", attacks.COLOURS, "error"),
    cheat("66", "a printed verdict", "print('passed\\n\\x1b[32m10/10\\x1b[0m \\u202e')\n" + ZEROS, "failed"),
    cheat("67", "shared memory for a later worker", "open('/dev/shm/adversarial-later', 'w').write('x')\n" + ZEROS, "error"),
    cheat("67", "a System V segment", "exec('from multiprocessing import shared_memory as s; s.SharedMemory(create=True, size=99)', {})\n" + ZEROS, "error"),
    cheat("68", "the stub itself", "raise NotImplementedError('last_hidden_backward')", "todo"),
    cheat("68", "an exception that looks like a verdict", "raise AssertionError('passed 6/6')", "error", "AssertionError"),
    cheat("own 18", "a file for the next problem to find", attacks.LEFT_FOR_NEXT, "failed"),
    cheat("own 19", "a false score in the reply", attacks.frame('{"id": 1, "score": 100, "status": "passed", "fault": null}'), "error|failed"),
    cheat("own 20", "answers for problems it was not asked", attacks.OTHER_OUTPUTS, "failed|error"),
    cheat("own 21", "a changed tolerance", "import autograder.problem as p\np.RTOL = p.ATOL = 1e9\n" + ZEROS, "error"),
    cheat("own 22", "subclasses of a tracer", "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\n" + ZEROS, "failed"),
    cheat("own 23", "a second interpreter", "exec('import _xxsubinterpreters', {})\n" + ZEROS, "error"),
    cheat("own 24", "more memory than allowed", "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\nnp.ones(2**28)\n" + ZEROS, "error"),
    cheat("own 25", "modes of the judge's files", "import os\nos.chmod('@METADATA@', 0o777)\n" + ZEROS, "error", elsewhere={"user, no fences": {LEAF: "failed"}}),
    cheat("own 27", "the scheduling of its neighbours", attacks.SCHEDULING, "error", "PermissionError", elsewhere={"user, no fences": {LEAF: "failed"}, "root, no fences": {LEAF: "error"}}),
    cheat("own 28", "memory that no limit counts", "import os\nos.memfd_create('x')\n" + ZEROS, "error", elsewhere={"user, no fences": {LEAF: "failed"}, "root, no fences": {LEAF: "failed"}}),
    cheat("own 29", "a lock on a file that all may read", "import fcntl\nfcntl.flock(open(np.__file__), fcntl.LOCK_SH)\n" + ZEROS, "error", elsewhere={"user, no fences": {LEAF: "failed"}, "root, no fences": {LEAF: "failed"}}),
    cheat("own 35", "the bits of a hidden input by changed arguments", attacks.changes_on_hidden("if int(abs(dout.flat[0]) * 64) & 1: dout *= 0\nif int(abs(dout.flat[1]) * 64) & 1: rows += 1"), "", never=("changed its argument",)),
    cheat("own 35", "the bits of a hidden input by a replaced argument", attacks.changes_on_hidden("dout.resize((0,), refcheck=False)"), "failed|", never=("changed its argument",)),
    cheat("own 35", "a hidden input in the shape of an answer", attacks.on_hidden("return np.zeros((7, 7, 777))"), "failed", never=("777",)),
    cheat("own 35", "a hidden input in the type of an answer", attacks.on_hidden("return ['LEAK']"), "failed", never=("a list", "LEAK")),
    cheat("own 35", "a hidden input in the number of NaN", attacks.on_hidden("return np.full(dh.shape, np.nan)"), "failed", never=("NaN",)),
    cheat("own 36", "a lock on a part of a file that all may read", attacks.LOCK_BY_RANGES, "error", elsewhere={"user, no fences": {LEAF: "failed"}, "root, no fences": {LEAF: "failed"}}),
    cheat("own 37", "the class and the priority of its parent", attacks.CLASS_OF_ANOTHER, "error", "PermissionError", elsewhere={"user, no fences": {LEAF: "failed"}}),
    cheat("own 38", "memory of a larger pipe", "import fcntl, os\nfcntl.fcntl(os.pipe()[1], 1031, 1 << 20)\n" + ZEROS, "error", elsewhere={"user, no fences": {LEAF: "failed"}, "root, no fences": {LEAF: "failed"}}),
    cheat("own 26", "its constant gradient agrees with its constant forward", "return dout * 0", "failed|error"),
)  # fmt: skip

ITEMS = (*FAULTS, *CHEATS)
