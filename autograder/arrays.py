"""Arrays fit to be written: safetensors takes memory as it lies, and silently writes wrong values
for anything else.
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
