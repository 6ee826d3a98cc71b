"""Verdicts made readable: for a terminal, a notebook, Gradescope, a class.

Nothing here knows how a grade comes about.
"""
