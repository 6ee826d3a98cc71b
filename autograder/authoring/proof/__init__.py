"""The proof that the grade is right: bad versions, unforeseen ones, good versions, seeds, errors
carried forward.
"""
