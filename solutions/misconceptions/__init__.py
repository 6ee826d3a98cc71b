"""HIDDEN. Known wrong ideas, one file per lesson, each a patch of one function of the reference.

To add one, add a `Misconception(...)` to the tuple of its lesson and run `make casebook`: the build refuses it if the
text to replace does not occur exactly once in its function, or if no case can see it.
"""
