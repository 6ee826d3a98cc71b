"""The proof that the grade is right, measured and not argued.

`known_wrong` grades every misconception; `mutation_score` counts how many of the mistakes that
nobody thought of (`authoring.mutations` makes them) lose points; `known_right` grades correct
versions in other styles, and tries many seeds; `run` prints what came out.
"""
