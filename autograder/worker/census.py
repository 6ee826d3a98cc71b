"""Counting the operators that a student's code has torch run, for staff to look at.

What a lesson refuses, `block_torch` refuses. But torch grows, and has ways of its own to do things;
so whatever is not on the list of what honest solutions are made of is noted by its name. A note
costs nobody points. It is no wall either: the student's code shares the process, and could put an
end to the census.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from autograder.problem import Backend

MOST_NAMES = 8
"""Of one call: enough to see what was done."""

ENDED = "census_ended"
"""Noted where the student's code has put an end to the census."""

ARITHMETIC = """
    abs add addcdiv addcmul ceil clamp clamp_max clamp_min div exp exp2 expm1 floor fmod lerp log
    log10 log1p log2 maximum minimum mul neg pow reciprocal remainder round rsqrt rsub sign sqrt
    square sub trunc fmax fmin nan_to_num cos sin erf xlogy
"""
ACTIVATIONS = """
    sigmoid tanh relu softplus log_sigmoid_forward logsumexp softmax log_softmax threshold
    hardtanh leaky_relu gelu silu elu
"""
COMPARISONS = """
    eq ne lt le gt ge logical_and logical_or logical_not logical_xor bitwise_and bitwise_or
    bitwise_not bitwise_xor where isnan isinf isfinite equal is_nonzero isneginf isposinf
"""
PRODUCTS = "addbmm addmm addmv addr baddbmm bmm dot linear mm mv vdot ger matmul"
REDUCTIONS = """
    sum mean var std var_mean std_mean amax amin aminmax max min argmax argmin all any prod cumsum
    cumprod norm linalg_vector_norm count_nonzero logcumsumexp cummax cummin nansum
"""
SHAPES = """
    view reshape expand permute transpose t squeeze unsqueeze slice select split split_with_sizes
    chunk cat stack unbind repeat repeat_interleave flip roll diagonal as_strided alias clone
    contiguous detach tril triu unfold movedim narrow resize set lift lift_fresh unsafe_view
    reshape_alias unsafe_split constant_pad_nd pin_memory conj tril_indices triu_indices
    slice_scatter select_scatter diagonal_scatter diag_embed unsafe_split_with_sizes
"""
PLACES = """
    index index_put index_put_impl index_select index_add index_copy index_fill gather scatter
    scatter_add scatter_reduce take nonzero masked_fill masked_select masked_scatter embedding
    embedding_dense nonzero_static sort argsort topk unique unique2 bincount searchsorted
    take_along_dim one_hot isin
"""
MAKERS = """
    arange empty empty_like empty_strided eye fill full full_like linspace new_empty
    new_empty_strided new_full new_ones new_zeros ones ones_like scalar_tensor zero zeros
    zeros_like uniform normal bernoulli rand randn rand_like randn_like randint native_dropout
    copy to_copy local_scalar_dense efficientzerotensor assert_async assert_scalar
"""
UNDIVIDED = """
    to type_as einsum tensordot inner outer kron chain_matmul linalg_multi_dot linalg_matmul
    numpy_T matrix_H mT mH adjoint concat concatenate hstack vstack dstack column_stack row_stack
    flatten unflatten expand_as view_as reshape_as swapaxes swapdims moveaxis tensor_split
    atleast_1d atleast_2d atleast_3d broadcast_to tile ravel fliplr flipud divide multiply
    subtract true_divide greater greater_equal less less_equal not_equal absolute negative
    floor_divide clip dropout special_softmax special_log_softmax special_expit special_logsumexp
    resolve_conj resolve_neg item isclose allclose result_type data requires_grad retain_grad
    index_add embedding_renorm sum_to_size can_cast is_floating_point scaled_masked_softmax
    masked_softmax cartesian_prod meshgrid broadcast_tensors nll_loss nll_loss_forward
    cross_entropy_loss
"""
"""Composite operators that inference mode does not take apart."""

LISTS = (
    ARITHMETIC, ACTIVATIONS, COMPARISONS, PRODUCTS, REDUCTIONS, SHAPES, PLACES, MAKERS, UNDIVIDED
)  # fmt: skip
ALLOWED = frozenset(" ".join(LISTS).split())
"""What honest solutions are made of, without the marks that `plain` takes off."""

MARKS = ("_backward_data", "_backward", "_data", "_copy", "_")


def plain(name: str) -> str:
    """The operator without what marks a variant: `tanh_` and `tanh_backward` are `tanh`.

    >>> plain("_softmax_backward_data"), plain("add_"), plain("copy_")
    ('softmax', 'add', 'copy')
    """
    name = name.lstrip("_")
    for mark in MARKS:
        if name.removesuffix(mark) in ALLOWED:
            return name.removesuffix(mark)
    return name


@contextmanager
def census(backend: Backend) -> Iterator[list[str]]:
    """Note which operators outside the list are run in this block, each once, `MOST_NAMES` at most.

    Does nothing for a lesson without torch.
    """
    seen: list[str] = []
    if backend != "torch" or "torch" not in sys.modules:
        yield seen
        return
    mode = _counting(seen)
    depth = _depth()
    mode.__enter__()
    try:
        yield seen
    finally:
        if not _is_in_charge(mode):
            seen.append(ENDED)
        # the block may have emptied torch's stack of modes, or put others on it
        with suppress(Exception):
            mode.__exit__(None, None, None)
        with suppress(Exception):
            _cut_to(depth)


def _is_in_charge(mode: Any) -> bool:
    from torch.utils._python_dispatch import _get_current_dispatch_mode

    return _get_current_dispatch_mode() is mode


def _depth() -> int:
    import torch

    return int(torch._C._len_torch_dispatch_stack())


def _cut_to(depth: int) -> None:
    from torch.utils._python_dispatch import _pop_mode

    while _depth() > depth:
        _pop_mode()


def _counting(seen: list[str]) -> Any:
    # here, not above: a lesson without torch must not import it
    from torch.utils._python_dispatch import TorchDispatchMode

    known: set[Any] = set()

    class Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
        """Sees every operator below autograd, where composite ones have been taken apart."""

        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            return False  # else the first operator imports torch's compiler, for a second

        def __torch_dispatch__(
            self, operator: Any, kinds: Any, arguments: Any = (), named: Any = None
        ) -> Any:
            if operator not in known:
                known.add(operator)
                _note(operator, seen)
            return operator(*arguments, **(named or {}))

    return Counting()  # type: ignore[no-untyped-call]


def _note(operator: Any, seen: list[str]) -> None:
    space, _, name = str(operator.name()).partition("::")
    name = name.partition(".")[0]
    if space == "aten" and plain(name) in ALLOWED:
        return
    label = name if space == "aten" else f"{space}::{name}"
    if label not in seen and len(seen) < MOST_NAMES:
        seen.append(label)
