"""`autograder doctor`: what protects the grader from a submission on this machine, measured and not
assumed.
"""

from __future__ import annotations


def doctor() -> int:
    """Print one line a layer."""
    from autograder.sandbox.protection import layers

    for layer in layers():
        print(f"{'yes' if layer.active else 'no ':3}  {layer.name}: {layer.why}")
    return 0
