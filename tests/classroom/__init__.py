"""Tests of `autograder/classroom/`; `made_up_store.py` builds the stores that they read."""
