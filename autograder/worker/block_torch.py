"""Taking torch's ready-made recurrent, attention and transformer parts away from its lesson.

It is not the names that are removed, which getattr, `__subclasses__` or an alias would find again,
but what stands behind them: a class refuses to be made, a Python function refuses to run, and the
operators beneath them are replaced in torch's own dispatcher, so that torch.ops, torch._VF and
compiled scripts meet the same refusal.
"""

from __future__ import annotations

import functools
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograder.worker.guard import Refused

KEYS = ("CompositeImplicitAutograd", "CPU", "AutogradCPU")

OPERATORS_OF_A_CLASS = {
    "MultiheadAttention": "multi_head_attention",
    "TransformerEncoderLayer": "transformer_encoder",
    "LSTM": "lstm",
    "GRU": "gru",
    "RNN": "rnn_",
}
"""What the fused operators beneath a class have in their names."""


def block(forbidden: Sequence[str]) -> Any:
    """Refuse dotted names of torch, like "torch.nn.LSTM" or "torch.layer_norm", in this process.

    Returns what has to be kept for as long as they are to stay refused.
    """
    import torch

    words = set()
    for dotted in forbidden:
        _, *folders, name = dotted.split(".")
        place = functools.reduce(getattr, folders, torch)
        target = getattr(place, name)
        if isinstance(target, type):
            words.add(OPERATORS_OF_A_CLASS.get(name, ""))
            # who holds the class already meets the refusal too, and who derives from it
            for method in ("__init__", "forward"):
                setattr(target, method, refusing(dotted))
        else:
            words.add(name)
            _replace(place, name, target, dotted)
    return _override(torch, words - {""})


def _replace(place: Any, name: str, target: Any, dotted: str) -> None:
    if isinstance(target, types.FunctionType):
        _gut(target, dotted)
    else:  # built in: nothing can be put into it, and the operator beneath it refuses
        setattr(place, name, refusing(dotted))


def refusing(name: str) -> Callable[..., NoReturn]:
    """A function that says what is refused, and why."""

    def refuse(*arguments: Any, **named: Any) -> NoReturn:
        raise Refused(
            f"{name} is what you are to write yourself here: "
            "use tensors, nn.Linear and nn.Embedding"
        )

    return refuse


def _gut(function: types.FunctionType, dotted: str) -> None:
    """Put the refusal into the function itself, so that everyone who holds it gets the refusal."""

    def gutted(*arguments: Any, _refuse: Any = None, **named: Any) -> Any:
        _refuse()

    function.__code__ = gutted.__code__
    function.__defaults__ = None
    function.__kwdefaults__ = {"_refuse": refusing(dotted)}


def _override(torch: Any, words: set[str]) -> Any:
    """Refuse every operator whose name has one of these words in it, whatever leads to it."""
    library = torch.library.Library("aten", "IMPL")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every operator that has an implementation
        for operator in torch._C._dispatch_get_all_op_names():
            space, _, name = operator.partition("::")
            short = name.partition(".")[0]  # without the overload
            if space != "aten" or not any(word in short for word in words):
                continue
            for key in KEYS:
                library.impl(name, refusing(f"torch's {short}"), key)
    return library
