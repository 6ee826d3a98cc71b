"""Training, given: an optimiser, a progress bar, and the few lines that say what an experiment must
reach.

Nothing here is a lesson; read it as you would read a library. The arrays are numpy's, the gradients
are yours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np

Number = TypeVar("Number", int, float)

SHORT = "RECURRENT_SHORT"
"""Set in the environment, this makes every experiment a short one: enough to see that it runs."""


def budget(full: Number, short: Number) -> Number:
    """How many iterations to train, or what to ask for after them: `short` where RECURRENT_SHORT=1
    is set.
    """
    return short if os.environ.get(SHORT) == "1" else full


def reached(
    what: str, value: float, at_least: float | None = None, at_most: float | None = None
) -> float:
    """Say what an experiment reached, and stop if it is not what it should reach.

    Inputs:
    - what: a few words, e.g. "held-out loss, bits per character"
    - value: a number
    - at_least, at_most: the bounds it must keep, or None

    Returns: value, so that it can be used on.
    Raises AssertionError, in one sentence, if a bound is broken or the value is not a number.
    """
    bounds = [
        f"at least {at_least:g}" if at_least is not None else "",
        f"at most {at_most:g}" if at_most is not None else "",
    ]
    wanted = " and ".join(filter(None, bounds))
    print(f"reached: {what}: {value:.4g}" + (f" ({wanted} asked for)" if wanted else ""))
    kept = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    if not kept or np.isnan(value):
        raise AssertionError(
            f"{what} should be {wanted or 'a number'}, and is {value:.4g}: run the check cells "
            f"above first"
        )
    return value


def progress(steps: Iterable[int], what: str) -> Iterator[int]:
    """The steps, with a progress bar where tqdm is installed and somebody watches."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        print(f"{what} ... (pip install tqdm shows a progress bar here)")
        return iter(steps)
    return iter(tqdm(steps, desc=what, mininterval=1.0, leave=False, file=sys.stdout))


def save_weights(path: str | Path, params: Mapping[str, np.ndarray]) -> None:
    """Write the parameters of a model into one file, as float32, in the format safetensors.

    Inputs:
    - path: of the file, `weights.safetensors`
    - params: name -> array; for the character model, Wx, Wh, b, Why and by
    """
    from safetensors.numpy import save_file

    # It writes memory as it lies, so that of a transposed array the numbers would be in disorder.
    arrays = {name: np.ascontiguousarray(value, np.float32) for name, value in params.items()}
    save_file(arrays, path)


class Adam:
    """Adam on a dict of arrays, which are changed in place.

        m = beta1 m + (1 - beta1) g,    v = beta2 v + (1 - beta2) g^2
        p = p - learning_rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)

    Source: Kingma and Ba 2015.
    """

    def __init__(
        self,
        params: dict[str, np.ndarray],
        learning_rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.params, self.learning_rate = params, learning_rate
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.t = 0
        self.m = {name: np.zeros_like(value) for name, value in params.items()}
        self.v = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, grads: dict[str, np.ndarray]) -> None:
        """One step down the gradients, a dict with the names of the parameters."""
        self.t += 1
        for name, gradient in grads.items():
            m, v = self.m[name], self.v[name]
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            m_hat, v_hat = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            self.params[name] -= self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)
