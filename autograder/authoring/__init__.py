"""What never travels: everything that reads `solutions/` or builds what others get.

`casebook` draws cases and freezes what the reference and each of its variants give; `handout`
builds stubs, notebooks, zips and the nbgrader course, and refuses leaks; `proof` measures that the
grade is right; `demo`, `bench` and `experiments` show it, time it and run the notebooks; `figures`
writes what was measured into docs/, and `pages` what is derived there. Nothing that travels imports
this room.
"""
