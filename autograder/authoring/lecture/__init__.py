"""The map of the lecture: where each of its statements is taught, and what is graded of it.

`slides` has the nouns and reads `solutions/lecture.py`; `page` writes the map for students and for
staff.
"""
