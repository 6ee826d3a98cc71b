"""Whole submissions that implement nothing and still hope for points, over every lesson.

The stubs, with what each of them adds; graded as any other, in processes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.variants import read_package
from autograder.authoring.demo import with_body, write_submission
from autograder.grade import casebooks, grade_submission
from autograder.settings import thaw
from tests.conftest import ROOT
from tests.submissions import REFERENCE

STUBS = {
    name: text
    for name, text in read_package(ROOT / "assignment" / "recurrent").items()
    if name in lessons.names()
}

REFUSES_AND_IS_CONSTANT = {
    "attention.masked_softmax": """
if not np.all(np.any(mask, axis=1)): raise ValueError
return np.full_like(e, 1 / e.shape[1])
""",
    "attention.additive_attention_forward": """
if not np.all(np.any(mask, axis=1)): raise ValueError
return np.zeros((h.shape[0], h.shape[2])), np.zeros(h.shape[:2]), ()
""",
    "beam.rescore": "return 0.0",
    "beam.greedy": "return [end], 0.0",
    "beam.beam_search": "return [([end], 0.0)] * beam_size",
    "charlm.one_hot": """
if np.min(ids) < 0 or np.max(ids) >= V: raise ValueError
return np.zeros(np.shape(ids) + (V,))
""",
    "charlm.bigram_log_probs": "return np.full((V, V), -np.log(V))",
    "charlm.charlm_loss": """
np.before = 0.93 * getattr(np, "before", 9.0)
return np.before, {name: 0 * value for name, value in params.items()}, h0
""",
    "charlm.next_probs": """
if temperature <= 0 or top_k == 0: raise ValueError
return np.full(np.shape(logits), 1 / np.shape(logits)[-1])
""",
    "head.temporal_softmax_loss": "return np.sum(mask) * 1e-9, np.zeros_like(x)",
    "head.perplexity": "return np.exp(0.0)",
    "mut.mut1_step_forward": """
if x.shape[1] != prev_h.shape[1]: raise ValueError
return np.zeros_like(prev_h), ()
""",
    "mut.mut2_step_forward": """
if x.shape[1] != prev_h.shape[1]: raise ValueError
return np.zeros_like(prev_h), ()
""",
    "rnn.last_hidden": "return h[:, 0] * 0, ()",
    "gru.gru_step_forward": "return np.zeros_like(prev_h), ()",
}

FORGES = '''

import sys
from autograder.problem import Reply


def _forged(problem, module, package, inputs):
    """Whatever is a property holds; all the rest is {value}."""
    sizes = dict.fromkeys("NTDHVAEBKL", 1)
    for tensor in problem.takes:
        sizes.update(zip(tensor.axes, np.shape(inputs.get(tensor.name, ()))))
    outputs = {{tensor.name: np.array(True) for tensor in problem.outputs}}
    for tensor in problem.gives:
        shape = [size if isinstance(size, int) else sizes.get(size, 1) for size in tensor.axes]
        outputs[tensor.name] = np.full(shape, {value})
    return Reply(outputs)


for _module in list(sys.modules.values()):
    if getattr(_module, "__name__", "").endswith("worker.student"):
        _module.run = _forged
'''


def forging(value: str) -> dict[str, str]:
    """The stubs, each of which replaces the worker's own `run` when it is imported."""
    return {name: "import numpy as np\n" + FORGES.format(value=value) for name in STUBS}


def with_bodies(bodies: Mapping[str, str]) -> dict[str, str]:
    files = dict(STUBS)
    for name, body in bodies.items():
        module, function = name.split(".")
        files[module] = with_body(files[module], function, body.strip("\n"))
    return files


WORTHLESS = {
    "the stubs": STUBS,
    "constants, and the refusals that are asked for": with_bodies(REFUSES_AND_IS_CONSTANT),
    "a forged worker, all ones": forging("1.0"),
    "a forged worker, all true": forging("True"),
    "a forged worker, nothing a number": forging("np.nan"),
    "no functions": {name: f"def __getattr__(name): return {name!r}.upper" for name in STUBS},
    "anything goes": {
        name: "class Any:\n"
        "    def __getattr__(self, name): return self\n"
        "    def __call__(self, *a, **k): return self\n"
        "    def __iter__(self): return iter([self] * 2)\n"
        "    def __float__(self): return 0.0\n"
        "def __getattr__(name):\n"
        "    if name.startswith('__'): raise AttributeError(name)\n"
        "    return Any()\n"
        for name in STUBS
    },
}


@pytest.mark.in_turn
@pytest.mark.parametrize("name", WORTHLESS)
def test_a_submission_that_implements_nothing_earns_nothing(
    name: str, tmp_path: Path, frozen: Path
) -> None:
    # the torch lesson costs seconds to start and has nothing here that the others have not
    course = thaw(frozen / "course.json")
    files = {lesson: text for lesson, text in WORTHLESS[name].items() if lesson != "torch_models"}
    folder = write_submission(files, tmp_path / "submission")
    verdicts = list(grade_submission(folder, course, casebooks(frozen)))
    assert len(verdicts) == len(lessons.all_problems())
    assert {v.problem: v.score for v in verdicts if v.score > 0} == {}


NO_WEIGHTS = {
    "markers": ("'bit', None, None", "'depth', None, None", "'gru', Wx, (Wh, b)"),
    "the weights of the vanilla cell": (
        "np.zeros((3, 4)), np.zeros((1, 4)), np.zeros(4)",
        "np.ones((3, 4)), np.ones((1, 4)), np.ones(4)",
        "Wx, Wh, b",
    ),
    "arrays that know whose they are": (
        "(np.full((3, 4), 7.0).view(Marked),) * 3",
        "(np.full((3, 4), 8.0).view(Marked),) * 3",
        "Wx.view(Marked), Wh.view(Marked), b.view(Marked)",
    ),
}
"""What stands in place of the three sets of weights that are to be built."""

WORKS_FOR_THEM = '''


class Marked(np.ndarray):
    """An array that its own cell would know again."""


_traces, _gru = cell_traces, gru_forward


def cell_traces(ids, Wx, Wh, b):
    if isinstance(Wx, np.ndarray) and not isinstance(Wx, Marked) and Wx.any():
        return _traces(ids, Wx, Wh, b)
    counts = np.cumsum((np.asarray(ids) == 1) * 1.0 - (np.asarray(ids) == 2))
    return np.tanh(0.05 * counts)[:, None]


def gru_forward(x, h0, Wx, Wh, b):
    states = [h0]
    for step in range(x.shape[1]):
        states.append(np.tanh(x[:, step] @ Wx + states[-1] @ Wh + b))
    return np.stack(states[1:], axis=1), None
'''


@pytest.mark.parametrize("name", NO_WEIGHTS)
def test_weights_that_are_not_built_earn_nothing(name: str, tmp_path: Path, frozen: Path) -> None:
    functions = ("latch_weights", "depth_weights", "gru_that_is_an_rnn")
    text = REFERENCE["cells"]
    for function, weights in zip(functions, NO_WEIGHTS[name], strict=True):
        text = with_body(text, function, f"return {weights}")
    files = {**REFERENCE, "cells": text + WORKS_FOR_THEM}
    del files["torch_models"]
    folder = write_submission(files, tmp_path / "submission")
    course = thaw(frozen / "course.json")
    verdicts = grade_submission(folder, course, casebooks(frozen), list(functions))
    assert {v.problem: v.score for v in verdicts} == dict.fromkeys(functions, 0.0)
