"""torch's ready-made parts are refused whichever way they are reached, and what the lesson needs stays."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from autograder import lessons
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not lessons.can_run("torch_models"), reason="needs torch")

REFUSED = {
    "a class": "nn.LSTM(4, 5)",
    "a class held from before": "held_class(4, 5)",
    "a class of one's own made from it": "type('Mine', (held_class,), {})(4, 5)",
    "what is made of others": "nn.TransformerEncoderLayer(4, 2)",
    "a function held from before": "held_function(x, x, x, 4, 2, None, None, None, None, False, 0.0, None, None)",
    "a built-in function": "F.scaled_dot_product_attention(x, x, x)",
    "a function by its other name": "torch.layer_norm(x, (4,))",
    "the function beneath it": "torch.native_layer_norm(x, (4,), None, None, 1e-5)",
    "the library's own names": "torch._VF.lstm(x, (h, h), lstm, True, 1, 0.0, False, False, True)",
    "the operator": "torch.ops.aten.lstm(x, (h, h), lstm, True, 1, 0.0, False, False, True)",
    "the operator of one step": "torch._VF.lstm_cell(x[0], (h[0], h[0]), *lstm)",
    "a sibling's operator": "torch._VF.gru(x, h, gru, True, 1, 0.0, False, False, True)",
    "a norm that contains it": "F.group_norm(x.reshape(-1, 4), 1)",
    "its operator": "torch.ops.aten.native_group_norm(x, None, None, 2, 3, 4, 1, 1e-5)",
    "another norm": "F.rms_norm(x, (4,))",
    "another": "F.instance_norm(x)",
    "another class": "nn.BatchNorm1d(4)",
    "a class made without its constructor": "bare(nn.LayerNorm)(x)",
    "the forward method alone": "nn.LayerNorm.forward(None, x)",
    "a class of another package": "torch.ao.nn.quantizable.LSTMCell(4, 5)",
    "torch's reference": "torch._refs.native_layer_norm(x, [4], None, None, 1e-5)",
    "what the reference wraps": "held_reference.__wrapped__(x, [4], None, None, 1e-5)",
    "what its cells hold": "by_cells(held_reference)(x, [4], None, None, 1e-5)",
    "the table of decompositions": "torch._decomp.decomposition_table[norm](x, [4], None, None, 1e-5)",
    "the decomposition of an operator": "torch.ops.aten.layer_norm.default.decompose(x, [4])",
    "a decomposition in Python": "list(norm.py_kernels.values())[0](x, [4], None, None, 1e-5)",
    "with an output": "torch.ops.aten.native_layer_norm.out(x, [4], None, None, 1e-5, out0=x, out1=x, out2=x)",
    "a kernel by its key": "norm._op_dk(torch._C.DispatchKey.CPU, x, [4], None, None, 1e-5)",
    "a kernel beneath the others": "norm.redispatch(keys('CPU'), x, [4], None, None, 1e-5)",
    "a kernel of a transformation": "norm.redispatch(keys('FuncTorchBatched'), x, [4], None, None, 1e-5)",
    "a kernel as an object": "torch.library.get_kernel('aten::native_layer_norm', 'CPU')"
    ".call_boxed(keys('CPU'), x, [4], None, None, 1e-5)",
    "without the CPU's key": "without_key('CPU')",
    "in inference mode": "in_inference()",
    "a nested tensor": "F.layer_norm(torch.nested.nested_tensor([x[0], x[1]]), (4,))",
    "the operator on a nested tensor": "norm(torch.nested.nested_tensor([x[0], x[1]]), [4], None, None, 1e-5)",
    "a quantized tensor": "torch.ops.quantized.layer_norm(quantized(), [4], weight=None, bias=None, eps=1e-5,"
    " output_scale=0.1, output_zero_point=0)",
    "mapped over rows": "torch.func.vmap(lambda row: norm(row, [4], None, None, 1e-5)[0])(x)",
    "differentiated": "torch.func.grad(lambda row: norm(row, [4], None, None, 1e-5)[0].sum())(x)",
    "a compiled script": "script('torch.ops.aten.native_layer_norm(x, [4], None, None, 1e-5)')(x)",
    "a script's operators": "torch._C._jit_get_operation('aten::native_layer_norm')[0](x, [4], None, None, 1e-5)",
    "the static runtime": "torch._C.StaticModule(script('torch.ops.aten.layer_norm(x, [4])').graph)(x)",
    "the static runtime's operator": "torch.ops.static_runtime.layer_norm(x, [4], None, None, 1e-5, False)",
    "an override on top, taken back": "override(lambda *arguments: None, 'CPU', keep=False)",
    "an override that falls through": "override(torch.library.fallthrough_kernel, 'AutogradCPU', keep=True)",
    "with every library ended": "end_every_library()",
}
"""What is closed. The last comes last: it ends libraries that torch itself needs."""

OPEN = {
    "a helper of torch's references": "torch._refs._normalize(x, [2], 1e-5)",
    "the text of torch's own files": "copied(torch._refs._normalize)(x, [2], 1e-5)",
}
"""What remains. It is arithmetic written by someone else, like any code pasted into the file, and
SECURITY.md calls it a convention.
"""

ALLOWED = {
    "Linear": "nn.Linear(4, 4)(x)",
    "Embedding": "nn.Embedding(4, 4)(torch.zeros(2, dtype=torch.long))",
    "softmax": "torch.softmax(x, -1)",
    "a backward pass": "torch.ones(2, requires_grad=True).tanh().sum().backward()",
}
PROGRAM = """
import gc, inspect, json, sys, warnings, weakref
warnings.simplefilter('ignore')
import torch
from torch import nn
from torch.nn import functional as F
held_class, held_function = nn.LSTM, F.multi_head_attention_forward
held_reference = torch._refs.native_layer_norm
from autograder.worker.guard import Refused
from autograder.worker.preload import preload
preload("torch")
norm = torch.ops.aten.native_layer_norm.default
def bare(kind):
    made = kind.__new__(kind)
    nn.Module.__init__(made)
    made.normalized_shape, made.weight, made.bias, made.eps = (4,), None, None, 1e-5
    return made
def by_cells(function):
    cells = [cell.cell_contents for cell in function.__closure__]
    return next(cell for cell in cells if getattr(cell, "__name__", "") == "native_layer_norm")
def keys(name):
    return torch._C.DispatchKeySet(getattr(torch._C.DispatchKey, name))
def without_key(name):
    with torch._C._ExcludeDispatchKeyGuard(keys(name)):
        return norm(x, [4], None, None, 1e-5)
def in_inference():
    with torch.inference_mode():
        return norm(x, [4], None, None, 1e-5)
def quantized():
    return torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)
def script(expression):
    return torch.jit.CompilationUnit(f"def f(x):{chr(10)}  return {expression}{chr(10)}").f
def override(kernel, key, keep):
    library = torch.library.Library("aten", "IMPL")
    library.impl("native_layer_norm", kernel, key)
    if not keep:
        library._destroy()
    try:
        return norm(x, [4], None, None, 1e-5)
    finally:
        library._destroy()
def end_every_library():
    for finalizer in list(weakref.finalize._registry):
        held = finalizer.peek()
        if held and type(held[0]).__name__ == "Library":
            held[0]._destroy()
    for kept in gc.get_objects():
        if "DispatchModule" in type(kept).__name__:
            kept.reset()
    return norm(x, [4], None, None, 1e-5)
def copied(function):
    names = {}
    exec(inspect.getsource(function), vars(torch._refs) | {"__name__": "copied"}, names)
    return names[function.__name__]
x, h = torch.zeros(2, 3, 4), torch.zeros(1, 2, 5)
lstm, gru = ([torch.zeros(n * 5, 4), torch.zeros(n * 5, 5), torch.zeros(n * 5), torch.zeros(n * 5)] for n in (4, 3))
happened = {}
for name, line in json.loads(sys.argv[1]).items():
    try:
        eval(line)
        happened[name] = "done"
    except Exception as error:
        happened[name] = f"{type(error).__name__}: {error}"
print(json.dumps(happened))
"""


@pytest.fixture(scope="module")
def happened() -> dict[str, str]:
    """What each line led to, in a process in which torch is blocked for good."""
    lines = json.dumps(ALLOWED | OPEN | REFUSED)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, lines], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", REFUSED)
def test_a_ready_made_part_is_refused(happened: dict[str, str], name: str) -> None:
    assert "is what you are to write yourself here" in happened[name]


@pytest.mark.parametrize("name", OPEN)
def test_what_remains_is_known_and_only_a_convention(happened: dict[str, str], name: str) -> None:
    assert happened[name] == "done", "this way is closed now: move it to REFUSED, see SECURITY.md"


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_lesson_needs_stays(happened: dict[str, str], name: str) -> None:
    assert happened[name] == "done"
