"""The casebook: frozen inputs, true outputs, and what every misconception would give instead.

`draw`, `variants`, `build` and `freeze` make one and stay here; `autograder.casebook` reads it and
travels in every zip.
"""
