"""The leaderboard: a file of weights that a student hands in, found, read and scored.

The forward pass that scores it is no part of this room, for an LSTM's is the solution of a problem:
it lies beside the hidden cases, in an autograder zip and nowhere else. No student's code runs here.
"""
