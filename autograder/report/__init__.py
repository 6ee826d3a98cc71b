"""Verdicts made readable: for a terminal, a notebook, Gradescope, a class. None knows how a grade
comes about.
"""
