"""Arrays that can be written to a file or a pipe.

safetensors writes memory as it lies: of a transposed or strided array it silently writes wrong
values.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def exact(value: Any) -> np.ndarray:
    """A contiguous copy of base class and native byte order; long doubles become doubles."""
    array = np.array(value, order="C", copy=True, subok=False)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)
