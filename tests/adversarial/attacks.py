"""The longer bodies of the catalogue.

In each, `dout` and `cache` are the arguments of `last_hidden_backward`. @NAMES@ are replaced by
real paths and numbers when a submission is written (`run_all.Place.fill_in`): the attackers know
everything.
"""

from __future__ import annotations

SWALLOWS = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"

OVERWRITES = """
shape, rows, last = cache
if hasattr(np, "yesterday"):
    np.yesterday[:] = 7
dh = np.zeros(shape)
dh[rows, last] = dout
np.yesterday = dh
return dh
"""

CHANGES_SETTINGS = """
import locale, os, random
np.random.seed(1)
random.seed(1)
np.set_printoptions(precision=1)
locale.setlocale(locale.LC_ALL, "C")
os.umask(0)
os.environ.clear()
"""

TEXT_OF_NOTHING = """
class Text(str):
    def __getitem__(self, i): raise KeyError
    def __iter__(self): raise KeyError
class E(Exception):
    def __str__(self): return Text("x")
raise E
"""

ONCE = """
shape, rows, last = cache
dh = np.zeros(shape)
dh[rows, last] = dout
np.times = getattr(np, "times", 0) + 1
return dh if np.times == 1 else -dh
"""

THREADS = """
import threading, time
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
shape, rows, last = cache
dh = np.zeros(shape)
dh[rows, last] = dout
return dh
"""

READ_CASEBOOK = """
import json, math
KINDS = {"F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "U8": "u1", "BOOL": "?"}
def tensors(data):
    size = int.from_bytes(data[:8], "little")
    table, found = json.loads(data[8 : 8 + size]), {}
    for key in table.keys() - {"__metadata__"}:
        start, end = (8 + size + offset for offset in table[key]["data_offsets"])
        found[key] = np.frombuffer(data[start:end], KINDS[table[key]["dtype"]])
    return found
def arrays(data):
    flat, found = tensors(data), {}
    for kind, places in json.loads(flat["layout"].tobytes()).items():
        start = 0
        for key, shape in places:
            end = start + math.prod(shape)
            found[key] = flat[kind][start:end].reshape(shape)
            start = end
    return found
for book in ("True", "False"):
    entries = tensors(open(f"@BOOKS@/{book}/rnn.safetensors", "rb").read())
    groups = (entries[f"last_hidden_backward/{group}"] for group in ("in", "out"))
    given, right = (arrays(group.tobytes()) for group in groups)
    for key in given:
        if key.endswith("/dout") and np.array_equal(given[key], dout):
            return right[key.replace("dout", "dh")]
"""

WALK_FRAMES = """
import sys
def arrays(thing, depth):
    if isinstance(thing, np.ndarray) and thing.shape == cache[0] and thing.any():
        yield thing
    elif depth and isinstance(thing, (dict, list, tuple)):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from arrays(part, depth - 1)
frame = sys._getframe()
while frame:
    for scope in (frame.f_locals, frame.f_globals):
        for found in arrays(dict(scope), 4):
            return found
    frame = frame.f_back
for module in list(sys.modules.values()):
    for found in arrays(dict(getattr(module, "__dict__", {})), 2):
        return found
return np.zeros(cache[0])
"""

AT_EXIT = """
import atexit, sys
def late(*a):
    open("@RESULTS@/results.json", "w").write('{"score": 100}')
atexit.register(late)
sys.excepthook = late
class Late:
    __del__ = late
np.late = Late()
return np.zeros(cache[0])
"""

EQUAL_ARRAY = """
class Equal(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), bool)
    def __sub__(self, other): return np.zeros(np.shape(other))
    __rsub__ = __sub__
    def __array_ufunc__(self, f, m, *a, **k): return np.zeros(cache[0])
return np.zeros(cache[0]).view(Equal)
"""

EQUAL_OBJECT = """
class Equal:
    shape, dtype, size, ndim = cache[0], np.dtype(float), 1, 3
    def __eq__(self, other): return True
    def __abs__(self): return 0
    def __sub__(self, other): return 0
    __rsub__ = __sub__
    def __lt__(self, other): return True
return Equal()
"""

CHANGING = """
class Changing:
    times = 0
    def __array__(self, *a, **k):
        Changing.times += 1
        return np.full(cache[0], float(Changing.times))
    def __len__(self): return Changing.times
    def __float__(self): return float(Changing.times)
return Changing()
"""

REDUCE = """
class Payload:
    def __reduce__(self): return (open, ("@RESULTS@/results.json", "w"))
return np.array([Payload()], dtype=object)
"""

RAW_PICKLES = """
import os
for fd in range(3, 20):
    try: os.write(fd, b"\\x80\\x04cos\\nsystem\\n(S'touch /tmp/pickled'\\ntR." * 9)
    except OSError: pass
return np.zeros(cache[0])
"""


def frame(
    header: str, lengths: tuple[int, int] | None = None, times: int = 1, then: str = ""
) -> str:
    """Write a message on the reply pipe, announced with its true lengths or with others."""
    announced = f"({lengths[0]}, {lengths[1]})" if lengths else "(len(head), 0)"
    return f"""
import os, struct
head = {header!r}.encode()
os.write(4, (struct.pack("!II", *{announced}) + head) * {times})
{then}
return np.zeros(cache[0])
"""


def tensor_frame(dtype: str, shape: list[int], extents: list[int], size: int) -> str:
    """Write a message with one array on the reply pipe, described as these arguments say."""
    return f"""
import json, os, struct
described = {{"dtype": {dtype!r}, "shape": {shape}, "data_offsets": {extents}}}
table = json.dumps({{"dh": described}}).encode()
body = struct.pack("<Q", len(table)) + table + bytes({size})
head = b'{{"id": 1, "fault": null}}'
os.write(4, struct.pack("!II", len(head), len(body)) + head + body)
return np.zeros(cache[0])
"""


EARLY_REPLY = """
import json, os, struct
for number in range(1, 9):
    head = json.dumps({"id": number, "fault": None, "odd": {}, "changed": []}).encode()
    os.write(4, struct.pack("!II", len(head), 0) + head)
return np.zeros(cache[0])
"""

OTHER_OUTPUTS = """
import json, os, struct
table = json.dumps({n: {"dtype": "F64", "shape": [1], "data_offsets": [8 * i, 8 * i + 8]}
                    for i, n in enumerate(["next_h", "dx", "__class__", "../dh"])}).encode()
body = struct.pack("<Q", len(table)) + table + bytes(32)
head = b'{"id": 1, "fault": null, "odd": {"x": "y"}, "changed": ["nothing", "__init__"]}'
os.write(4, struct.pack("!II", len(head), len(body)) + head + body)
return np.zeros(cache[0])
"""

OWN_FINDER = """
import sys, importlib.machinery, importlib.util, site
sys.path.extend(p for p in ["@SITE@"] if p not in sys.path)
spec = importlib.machinery.PathFinder.find_spec("torch", ["@SITE@"])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
return module.zeros(cache[0]).numpy()
"""

GUARD_DOWN = """
import builtins, sys
frozen = sys.modules["_frozen_importlib"]
builtins.__import__ = sys.modules.get("importlib._bootstrap", frozen).__import__
sys.meta_path[:] = [f for f in sys.meta_path if "guard" not in repr(f).lower()]
for name in [n for n in sys.modules if "autograder" in n]:
    vars(sys.modules[name]).clear()
import torch
return torch.zeros(cache[0]).numpy()
"""

DAEMON = """
import os
exec("import _posixsubprocess", here := {})
read, write = os.pipe()
command = ["/bin/sh", "-c", "(setsid sleep 300 &) ; setsid sleep 300 &"]
tails = (  # other versions of Python take other arguments
    (-1, None, None, None, -1, None, True),
    (None, None, None, -1, None),
    (-1, None, None, None, -1, None),
)
for tail in tails:
    try:
        here["_posixsubprocess"].fork_exec(
            command, [b"/bin/sh"], True, (), None, None,
            -1, -1, -1, -1, -1, -1, read, write, True, True, *tail)
    except TypeError: pass
return np.zeros(cache[0])
"""

COLOURS = (
    # once as the characters themselves, for the line is quoted, and once as Python spells them
    'raise ValueError("\x1b[2J\u202e"'
    ' "\\x1b[2J\\x1b[32mpassed\\x1b[0m \\u202e <script>alert(1)</script> '
    '\\r\\n\\x07 **bold** \\u2028")'
)

LEFT_FOR_NEXT = """
import os
own = (".", os.environ["HOME"], os.environ["TMPDIR"], os.path.dirname(__file__))
for place in (*own, "/tmp", "/var/tmp", "/dev/shm"):
    try:
        if os.path.exists(place + "/left"): return np.full(cache[0], 99.0)
        open(place + "/left", "w").close()
    except OSError: pass
return np.zeros(cache[0])
"""

REWRITE_WORKER = """
import sys
serve = sys.modules["autograder.worker.student"]
serve.run = lambda problem, module, package, inputs: serve.Reply(
    {t.name: np.zeros([3] * len(t.axes)) for t in problem.outputs})
return np.zeros(cache[0])
"""

REWRITE_PROBE = """
import sys
for value in sys.modules["autograder.lessons.rnn"].__dict__.values():
    if hasattr(value, "probe"):
        object.__setattr__(value, "probe", lambda *a, **k: {})
        object.__setattr__(value, "gives", ())
        object.__setattr__(value, "points", 0)
return np.zeros(cache[0])
"""


def on_hidden(deed: str, then: str = "return -dh") -> str:
    """Right on public cases; on any other, a deed and then a wrong answer, or what is said."""
    on_others = "\n".join(f"    {line}" for line in [*deed.splitlines(), *then.splitlines()])
    return f"""
shape, rows, last = cache
dh = np.zeros(shape)
dh[rows, last] = dout
if float(dout.flat[0]) not in @PUBLIC@:
{on_others}
return dh
"""


def forged_fault(word: str) -> str:
    """A fault that carries a message to the outside in every field."""
    return f"""
import json, os, struct
fault = {{"kind": "raised", "error": "{word}", "text": "{word}", "call": "{word}",
         "location": "{word}.py, line 1"}}
head = json.dumps({{"id": np.asked if hasattr(np, "asked") else 0, "fault": fault}}).encode()
for number in range(1, 12):
    part = head.replace(b'"id": 0', b'"id": %d' % number)
    os.write(4, struct.pack("!II", len(part), 0) + part)
"""


SCHEDULING = """
import os
os.sched_setaffinity(os.getppid(), os.sched_getaffinity(os.getppid()))
return np.zeros(cache[0])
"""

SLEEPERS = """
import threading, time
try:
    for _ in range(400):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
except (RuntimeError, MemoryError):
    pass
shape, rows, last = cache
dh = np.zeros(shape)
dh[rows, last] = dout
return dh
"""

THREAD_OF_ITS_OWN = """
import threading
found = []
thread = threading.Thread(target=lambda: found.append(np.exp(np.sum(total_nats) / np.sum(tokens))))
thread.start()
thread.join()
return found[0]
"""

HUGE_IF_DIFFERENTIATED = """
import sys
frame = sys._getframe()
while frame:
    if frame.f_code.co_name == "run_many":
        return np.zeros((200_000, 1, 1), dtype=bool), (x, W)
    frame = frame.f_back
return x @ W + b, (x, W)
"""

LOCK_BY_RANGES = """
import fcntl
with open(np.__file__) as file:
    fcntl.lockf(file, fcntl.LOCK_SH, 1, int(abs(dout.flat[0]) * 1e6))
return np.zeros(cache[0])
"""

CLASS_OF_ANOTHER = """
import os
refused = 0
server = os.getppid()
for deed in (
    lambda: os.sched_setscheduler(server, os.SCHED_OTHER, os.sched_param(0)),
    lambda: os.setpriority(os.PRIO_PROCESS, server, os.getpriority(os.PRIO_PROCESS, server)),
):
    try:
        deed()
    except PermissionError:
        refused += 1
if refused == 2:
    raise PermissionError
return np.zeros(cache[0])
"""


def changes_on_hidden(deed: str) -> str:
    """Right on every case; on a hidden one it does something to its arguments besides."""
    return on_hidden(deed, then="")
