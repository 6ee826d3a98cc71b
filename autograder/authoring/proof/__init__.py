"""The proof that the grade is right, measured and not argued.

`known_wrong` grades every misconception; `mutants` makes mistakes that nobody thought of, and
`mutation_score` counts how many of them lose points; `known_right` grades correct versions in other
styles, and tries many seeds; `run` prints what came out.
"""
