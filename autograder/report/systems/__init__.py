"""Course systems besides Gradescope: each takes the same report and wants it in a form of its own.

start       runs the grader so that the system hears of it whatever breaks
report      what every system is told of a submission
classroom50, prairielearn, autolab    the forms, with the page each is taken from
maps        where a tensor is wrong, as a picture in a file

Nothing here decides anything: points are the judge's, and these modules write them down.
"""
