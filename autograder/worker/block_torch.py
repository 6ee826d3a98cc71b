"""Taking torch's ready-made recurrent, attention and normalisation parts away from its lesson.

A name that was removed would be found again by getattr, `__subclasses__` or an alias. So what
stands behind the names is replaced, for whatever in torch is called after one of the lesson's
words: a class refuses to be made, a Python function refuses to run, and the operators beneath both
are overridden in torch's own dispatcher, so that torch.ops, torch._VF, compiled scripts and other
kinds of tensor meet the same refusal.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from autograder.worker.guard import Refused

ALWAYS = ("CompositeImplicitAutograd", "CPU", "AutogradCPU")
"""Where every refused operator is overridden, whether or not torch has a kernel there."""

WHERE_THERE_IS_ONE = (
    "Autograd", "AutogradNestedTensor", "AutogradOther", "AutocastCPU", "CompositeExplicitAutograd",
    "CompositeExplicitAutogradNonFunctional", "CompositeImplicitAutogradNestedTensor",
    "FuncTorchBatched", "FuncTorchBatchedDecomposition", "Functionalize", "Meta", "NestedTensorCPU",
    "QuantizedCPU", "SparseCPU", "SparseCsrCPU",
)  # fmt: skip
"""Where torch may have a kernel of its own for another kind of tensor, or for a transformation."""

RUNS_KERNELS_ITSELF = ("StaticModule", "_jit_to_static_module", "_fuse_to_static_module")
"""What compiles a script into direct calls of kernels, past the dispatcher."""


def block(words: Sequence[str]) -> None:
    """Refuse what has one of these words, like "LSTM" or "LayerNorm", in its name, for good."""
    import torch

    plain = tuple(_plain(word) for word in words)
    for place, name, target in list(_of_torch(plain)):
        if isinstance(target, type):
            _close(target, name)
        elif isinstance(target, types.FunctionType):
            _gut(target, name, plain)
        else:  # built in: nothing can be put into it, and the operator beneath it refuses too
            setattr(place, name, refusing(f"torch's {name}"))
    _override(torch, plain)
    for name in RUNS_KERNELS_ITSELF:
        target = getattr(torch._C, name, None)
        if isinstance(target, type):
            _close(target, name)
        else:
            setattr(torch._C, name, refusing(f"torch's {name}"))


def _plain(name: str) -> str:
    """`LayerNorm` and `layer_norm` are one name."""
    return name.replace("_", "").lower()


def _is_refused(name: str, words: Sequence[str]) -> bool:
    plain = _plain(name)
    return any(word in plain for word in words)


def _of_torch(words: Sequence[str]) -> Iterator[tuple[Any, str, Any]]:
    """The classes and functions to refuse in whatever of torch is loaded: where, name, itself."""
    kinds = (type, types.FunctionType, types.BuiltinFunctionType)
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] != "torch" or not isinstance(module, types.ModuleType):
            continue
        for name, target in list(vars(module).items()):
            # the name first: some of torch's own objects warn when they are looked at
            if _is_refused(name, words) and isinstance(target, kinds):
                yield module, name, target


def refusing(name: str) -> Callable[..., NoReturn]:
    """A function that says what is refused, and why."""

    def refuse(*arguments: Any, **named: Any) -> NoReturn:
        raise Refused(
            f"{name} is what you are to write yourself here: "
            "use tensors, nn.Linear and nn.Embedding"
        )

    return refuse


def _close(target: type, name: str) -> None:
    """Let no instance be made or called.

    In the class itself: those who hold it already meet the refusal, and those who derive from it.
    """
    for method in ("__init__", "forward"):
        with contextlib.suppress(TypeError):  # a tuple of results, from which nothing is computed
            setattr(target, method, refusing(f"torch's {name}"))


def _gut(function: types.FunctionType, name: str, words: Sequence[str]) -> None:
    """Put the refusal into the function itself, so that everyone who holds it gets the refusal.

    Into those that it wraps, too: a decorated function leads to them.
    """
    if "_refuse" in (function.__kwdefaults__ or {}):
        return
    wrapped = _wrapped(function, words)

    def gutted(*arguments: Any, _refuse: Any = None, **named: Any) -> Any:
        _refuse()

    # a function keeps its cells for good, and takes only code that has names for them
    function.__code__ = gutted.__code__.replace(co_freevars=function.__code__.co_freevars)
    function.__defaults__ = None
    function.__kwdefaults__ = {"_refuse": refusing(f"torch's {name}")}
    for inner in wrapped:
        _gut(inner, name, words)


def _wrapped(function: types.FunctionType, words: Sequence[str]) -> list[types.FunctionType]:
    candidates = [getattr(function, "__wrapped__", None)]
    for cell in function.__closure__ or ():
        try:
            candidates.append(cell.cell_contents)
        except ValueError:  # it is empty
            continue
    found = []
    for candidate in candidates:
        if isinstance(candidate, types.FunctionType) and _is_refused(candidate.__name__, words):
            found.append(candidate)
    return found


def _override(torch: Any, words: Sequence[str]) -> None:
    """Refuse every operator that is called after one of these words, whatever leads to it."""
    libraries: dict[str, Any] = {}
    for operator in torch._C._dispatch_get_all_op_names():
        space, _, name = operator.partition("::")
        short = name.partition(".")[0]  # without the overload
        if not _is_refused(short, words):
            continue
        if space not in libraries:
            libraries[space] = _unending_library(torch, space)
        refusal = refusing(f"torch's {short}")
        for key in (*ALWAYS, *WHERE_THERE_IS_ONE):
            if key in ALWAYS or torch._C._dispatch_has_kernel_for_dispatch_key(operator, key):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # it warns of what it overrides
                    libraries[space].impl(name, key, refusal, False)


def _unending_library(torch: Any, space: str) -> Any:
    """Overrides for one namespace that nobody can take back.

    A `torch.library.Library` would be found through the finalizer that it registers, and its end
    gives torch's own kernels back. This has no finalizer, and one reference too many to ever end.
    """
    library = torch._C._dispatch_library("IMPL", space, "", __file__, 0)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))
    return library
