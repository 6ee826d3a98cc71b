"""The casebook: frozen inputs, true outputs, and what every misconception would give instead.

`store` reads and writes one and travels in every zip; `draw`, `worlds` and `build` make one and
stay at home.
"""
