"""The data of the notebooks, one module a source. Each says in one sentence what to install if
something is missing.
"""
