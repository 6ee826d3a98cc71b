"""Small changes of right code: the slips that somebody could make, one at a time.

`edits` puts each change into a syntax tree and takes it out again. The changes are made by
`expressions` (one node is another), `statements` (a whole line), `loops` (steps left out, other
starts) and `names` (one name for another, arguments and blocks in another order; `scope` says which
names are of one shape). `pairs` joins two known mistakes. `words` says of a change what it is, in
names that a student has.

The proof counts how many changes lose points, and goes by the classic ones alone; near misses go by
all of them.
"""
