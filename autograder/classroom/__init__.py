"""A class at a time: import, grade, report, return, regrade. This room stays at home.

    archive ──sources──► HandIn ──run──► rows of a Store ──► standings ──► report, export, feedback
                                                        └──► compare, similar

A store is a folder. Its truth is append-only JSON lines, a file for each shard that graded; what is
asked of it is read from them.
"""
