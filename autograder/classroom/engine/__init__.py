"""Engines: three ways to have the submissions of a class graded, with the same rows at the end.

    pool     processes of this machine, the default: a dead one is replaced
    shards   one part of the class for each machine, which writes files of its own
    dask     workers of a cluster, an optional extra

What they run is `judging.Judge`, so no number depends on which.
"""
