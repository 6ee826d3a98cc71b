"""Gradescope's container, emulated: a Debian root, namespaces, Docker's capabilities and a filter
like Docker's.
"""
