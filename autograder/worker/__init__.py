"""The only code that runs beside a student's: it answers "call this with these arrays", and knows
nothing else.

`wire` frames messages, `serve` answers them, `confine` gives up rights first; `zygote` and `fresh`
are the two programs that start it: forked from a warm process, or alone where there is no fork. No
expected value, no point, no reference.
"""
