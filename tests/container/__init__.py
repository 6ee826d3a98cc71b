"""Gradescope's container, emulated: a Debian root, namespaces, Docker's capabilities, a filter like Docker's, limits."""
