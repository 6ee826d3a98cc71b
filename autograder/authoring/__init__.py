"""What stays at home: everything that reads `solutions/` or builds what others get.

`casebook` draws cases and freezes what the reference and every variant of it give; `handout` builds
stubs, notebooks, zips and the nbgrader course, and refuses leaks; `proof` measures that the grade
is right; `demo`, `bench` and `experiments` show, time and run it, and `figures` puts their numbers
into the README. Nothing that travels imports this room.
"""
