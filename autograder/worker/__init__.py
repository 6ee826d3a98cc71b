"""The only code that runs beside a student's: it answers "call this with these arrays".

It knows nothing else: no expected value, no point, no reference. `messages` says what is asked and
answered, `student` answers, `wire` has the bytes and `serve` the pipes, and `confine` gives up
rights first. `zygote` and `fresh` are the two programs that start it: forked from a warm process,
or alone without fork.
"""
