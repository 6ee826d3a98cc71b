"""A drawn graph of one step of a cell, in which the edges are marked that a verdict names."""
