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
}
ALLOWED = {
    "Linear": "nn.Linear(4, 4)(x)",
    "Embedding": "nn.Embedding(4, 4)(torch.zeros(2, dtype=torch.long))",
    "softmax": "torch.softmax(x, -1)",
    "a backward pass": "torch.ones(2, requires_grad=True).tanh().sum().backward()",
}
PROGRAM = """
import json, sys
import torch
from torch import nn
from torch.nn import functional as F
held_class, held_function = nn.LSTM, F.multi_head_attention_forward
from autograder.worker.guard import Refused
from autograder.worker.preload import preload
kept = preload("torch")
x, h = torch.zeros(2, 3, 4), torch.zeros(1, 2, 5)
lstm, gru = ([torch.zeros(n * 5, 4), torch.zeros(n * 5, 5), torch.zeros(n * 5), torch.zeros(n * 5)] for n in (4, 3))
happened = {}
for name, line in json.loads(sys.argv[1]).items():
    try:
        eval(line)
        happened[name] = "done"
    except Refused as error:
        happened[name] = str(error)
print(json.dumps(happened))
"""


@pytest.fixture(scope="module")
def happened() -> dict[str, str]:
    """What each line led to, in a process in which torch is blocked for good."""
    lines = json.dumps(REFUSED | ALLOWED)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, lines], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", REFUSED)
def test_a_ready_made_part_is_refused(happened: dict[str, str], name: str) -> None:
    assert "is what you are to write yourself here" in happened[name]


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_lesson_needs_stays(happened: dict[str, str], name: str) -> None:
    assert happened[name] == "done"
