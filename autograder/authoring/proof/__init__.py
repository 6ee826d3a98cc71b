"""The proof that the grade is right, measured and not argued.

`known_wrong` grades every misconception, `mutants` and `mutation_score` mistakes that nobody wrote
down, `known_right` correct versions in other styles, the latter and the misconceptions on many
seeds, and `run` prints what came out.
"""
