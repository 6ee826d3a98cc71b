"""The autograder: builds, checks, grades and reports. `python -m autograder --help` lists its
verbs.
"""
