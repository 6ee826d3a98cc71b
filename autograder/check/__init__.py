"""A student's own check of what they have written: the public cases, in a terminal, a notebook or
wherever else they work. It travels with the handout.
"""
