"""Building the casebook: frozen inputs, true outputs, and what each misconception would give.

From the bottom up: `variants` imports the reference with a patch in it. `written` and `answers`
read `solutions/`; `mistakes` says what is wrong there. `draw` and `build` make the cases of one
lesson; `seen` says how well they see a misconception. `fingerprint` and `incremental` build only
what changed; `freeze` puts a course together. The file format is in `autograder.casebook`, which
travels.
"""
