"""`python check.py --watch`: on every save, what the change touches is checked again at once.

It shows and never decides: every verdict is the one judge's, asked for in the same way as by a
plain check.
"""
