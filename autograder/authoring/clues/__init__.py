"""Building what is only said: near misses and reactions, from the reference and public cases.

It goes by the public casebook as it lies there, and is built after it: a new sentence makes no
casebook stale.
"""
