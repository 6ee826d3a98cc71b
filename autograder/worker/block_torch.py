"""Taking torch's ready-made recurrent, attention and transformer parts away from a lesson in which
one writes them.

Not the names are removed, which getattr, `__subclasses__` or an alias would find again, but what
stands behind them: a class refuses to be made, a Python function to run, and the operators beneath
them are replaced in torch's own dispatcher, so that torch.ops, torch._VF and compiled scripts meet
the same refusal.
"""

from __future__ import annotations

import functools
import sys
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
"""What the fused operators beneath a class have in their names, besides those that are forbidden by
name.
"""


def block(forbidden: Sequence[str]) -> Any:
    """Refuse these dotted names of torch, like "torch.nn.LSTM" or "torch.layer_norm", for good, in
    this process.

    Returns what has to be kept for as long as they are to stay refused.
    """
    import torch

    words = set()
    for dotted in forbidden:
        place = functools.reduce(getattr, dotted.split(".")[1:-1], sys.modules["torch"])
        name = dotted.rpartition(".")[2]
        target = getattr(place, name)
        refuse = refusing(dotted)
        words.add(OPERATORS_OF_A_CLASS.get(name, "" if isinstance(target, type) else name))
        if isinstance(target, type):
            for method in ("__init__", "forward"):
                setattr(target, method, refuse)
        elif isinstance(target, types.FunctionType):
            _gut(target, dotted)
        else:
            setattr(place, name, refuse)
    return _override(torch, words - {""})


def refusing(name: str) -> Callable[..., NoReturn]:
    """A function that says what is refused, and why."""

    def refuse(*arguments: Any, **named: Any) -> NoReturn:
        raise Refused(
            f"{name} is what you are to write yourself here: use tensors, nn.Linear and "
            f"nn.Embedding"
        )

    return refuse


def _gut(function: types.FunctionType, dotted: str) -> None:
    """Put the refusal into the function itself, so that whoever holds it holds the refusal."""

    def gutted(*arguments: Any, _refuse: Any = None, **named: Any) -> Any:
        _refuse()

    function.__code__ = gutted.__code__
    function.__defaults__ = None
    function.__kwdefaults__ = {"_refuse": refusing(dotted)}


def _override(torch: Any, words: set[str]) -> Any:
    """Refuse every operator whose name has one of these words in it, whatever road leads to it."""
    library = torch.library.Library("aten", "IMPL")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operator in torch._C._dispatch_get_all_op_names():
            space, _, name = operator.partition("::")
            if space == "aten" and any(word in name.partition(".")[0] for word in words):
                for key in KEYS:
                    library.impl(name, refusing(f"torch's {name.partition('.')[0]}"), key)
    return library
