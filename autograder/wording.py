"""Words that one room writes and another looks for."""

HALF_DONE = "your code raises NotImplementedError"
"""How the sentence begins that tells code which says that it is not done from a task not begun."""
