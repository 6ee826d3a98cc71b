"""For every clause of every docstring, a version of the function that breaks just that clause.

Secret: a patch says what the answer is.
"""
