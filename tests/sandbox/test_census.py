"""The census notes what honest solutions are not made of, and changes nothing of what is computed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder import lessons
from autograder.casebook import Casebook
from autograder.grade import casebooks, opened
from autograder.report.record import record
from autograder.sandbox import Limits, Sandbox
from autograder.settings import thaw
from autograder.worker.census import ENDED, MOST_NAMES, census, plain
from autograder.worker.student import as_arrays
from tests.conftest import ROOT
from tests.submissions import REFERENCE as REFERENCE_FILES
from tests.submissions import submission

needs_torch = pytest.mark.skipif(not lessons.can_run("torch_models"), reason="needs torch")

VERSIONS = sorted((ROOT / "tests/good_versions").glob("torch_models_*.py"))
REFERENCE = ROOT / "solutions/recurrent/torch_models.py"

HONEST: dict[str, Callable[[Any, Any], Any]] = {
    "relu as a function": lambda torch, x: torch.nn.functional.relu(x),
    "relu as a method": lambda torch, x: x.relu(),
    "relu in place": lambda torch, x: x.clone().relu_(),
    "relu by clamp": lambda torch, x: x.clamp(min=0),
    "relu by maximum": lambda torch, x: torch.maximum(x, torch.zeros(())),
    "einsum": lambda torch, x: torch.einsum("ntd,nsd->nts", x, x),
    "bmm": lambda torch, x: torch.bmm(x, x.transpose(1, 2)),
    "baddbmm": lambda torch, x: torch.baddbmm(torch.zeros(3, 3), x, x.mT),
    "var_mean": lambda torch, x: torch.var_mean(x, -1, correction=0)[0],
    "std": lambda torch, x: x.std(-1, unbiased=False),
    "softmax": lambda torch, x: torch.softmax(x, -1),
    "log_softmax": lambda torch, x: x.log_softmax(-1).exp(),
    "logsumexp": lambda torch, x: (x - x.logsumexp(-1, keepdim=True)).exp(),
    "a linear layer": lambda torch, x: torch.nn.Linear(4, 2)(x),
    "an embedding": lambda torch, x: torch.nn.Embedding(4, 2)(torch.arange(3)),
    "heads by view": lambda torch, x: x.view(2, 3, 2, 2).permute(0, 2, 1, 3).contiguous(),
    "heads by chunk": lambda torch, x: torch.cat(x.chunk(2, -1), -1),
    "a causal mask": lambda torch, x: (x @ x.mT).masked_fill(torch.ones(3, 3).triu(1).bool(), -1e9),
    "gathering": lambda torch, x: x.gather(1, torch.zeros(2, 1, 4, dtype=torch.long)),
    "double precision": lambda torch, x: x.double().float(),
    "stacking": lambda torch, x: torch.stack([row for row in x.unbind(1)], 1),
    "an argmax": lambda torch, x: x.argmax(-1),
    "a top word": lambda torch, x: x.topk(1).indices,
    "rows by a mask": lambda torch, x: x[x[..., 0] > 0],
    "a number": lambda torch, x: x.sum().item(),
}


def module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"census_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.in_turn
@needs_torch
@pytest.mark.parametrize("path", [REFERENCE, *VERSIONS], ids=lambda path: path.stem)
def test_correct_solutions_are_noted_for_nothing_and_answer_the_same(path: Path) -> None:
    module = module_of(path)
    book = Casebook(ROOT / "autograder/frozen/public").lesson("torch_models")
    for problem in lessons.lesson("torch_models").problems:
        for case in book.cases_of(problem):
            without = problem.probe(module, **{n: a.copy() for n, a in case.inputs.items()})
            with census("torch") as seen:
                outputs = problem.probe(module, **{n: a.copy() for n, a in case.inputs.items()})
            assert seen == [], problem.name
            for name, array in as_arrays(without)[0].items():
                np.testing.assert_array_equal(outputs[name], array)


@needs_torch
@pytest.mark.parametrize("inference", [False, True], ids=["with gradients", "in inference mode"])
@pytest.mark.parametrize("style", HONEST)
def test_an_honest_style_is_noted_for_nothing(style: str, inference: bool) -> None:
    import torch

    with census("torch") as seen, torch.inference_mode(inference):
        x = torch.randn(2, 3, 4, requires_grad=not inference)
        value = HONEST[style](torch, x)
        if getattr(value, "requires_grad", False):
            value.sum().backward()
    assert seen == []


@needs_torch
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("native_layer_norm", lambda torch, x: torch.nn.functional.layer_norm(x, (4,))),
        ("native_group_norm", lambda torch, x: torch.nn.functional.group_norm(x, 1)),
        ("fft_r2c", lambda torch, x: torch.fft.rfft(x)),
    ],
)
def test_what_is_not_on_the_list_is_noted_once(name: str, call: Callable[[Any, Any], Any]) -> None:
    import torch

    with census("torch") as seen:
        for _ in range(3):
            call(torch, torch.randn(2, 3, 4))
    assert [plain(word) for word in seen] == [name]


@needs_torch
def test_the_names_are_no_more_than_the_most() -> None:
    import torch

    with census("torch") as seen:
        x = torch.rand(4)
        for name in (
            "acos",
            "asin",
            "atan",
            "acosh",
            "asinh",
            "atanh",
            "cosh",
            "sinh",
            "tan",
            "i0",
        ):
            getattr(torch, name)(x)
    assert len(seen) == MOST_NAMES


def popped() -> None:
    import torch

    torch._C._pop_torch_dispatch_stack(None)


def covered() -> None:
    from torch.utils._python_dispatch import TorchDispatchMode

    TorchDispatchMode().__enter__()


@needs_torch
@pytest.mark.parametrize("end", [popped, covered])
def test_to_end_the_census_is_noted_and_breaks_nothing(end: Callable[[], None]) -> None:
    import torch

    with census("torch") as seen:
        end()
    assert seen == [ENDED]
    with census("torch") as again:
        torch.ones(2).add(1)
    assert again == []


@needs_torch
@pytest.mark.parametrize("error", [ZeroDivisionError, RuntimeError, SystemExit])
def test_an_exception_comes_through(error: type[BaseException]) -> None:
    with pytest.raises(error), census("torch"):
        raise error


def test_a_lesson_without_torch_does_not_import_it() -> None:
    program = (
        "import sys; from autograder.worker.census import census\n"
        "with census('numpy') as seen: pass\n"
        "with census('torch') as seen: pass\n"
        "assert seen == [] and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@needs_torch
def test_the_census_does_not_import_torchs_compiler() -> None:
    program = (
        "import sys, torch; from autograder.worker.census import census\n"
        "with census('torch'): torch.ones(2, requires_grad=True).tanh().sum().backward()\n"
        "assert 'torch._dynamo.convert_frame' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@needs_torch
def test_staff_read_of_it_and_students_do_not(tmp_path: Path, frozen: Path) -> None:
    texts = dict(REFERENCE_FILES)
    right = "y = self.gain * (x - mean)"
    assert right in texts["torch_models"]
    unusual = f"torch.special.bessel_j0(x)\n        {right}"
    submission(
        tmp_path / "s", files={"torch_models": texts["torch_models"].replace(right, unusual)}
    )
    course, books = thaw(frozen / "course.json"), casebooks(frozen)
    problem = lessons.find("layer_norm")
    with Sandbox(Limits()) as box, opened(tmp_path / "s", course, books, box) as grader:
        verdict = grader.result(problem).verdict
        notes = grader.notes()
    assert verdict.status == "passed"
    assert any("bessel" in name for name in notes["layer_norm"])
    assert "bessel" not in json.dumps(record([verdict]))
