"""What looks into the bytes that students hand in: decoding sources and reading archives.

`program` runs it in a process with limits; `intake.unpacking` starts that process and reads its
answer. Only the standard library is imported here, and little of it, so that it starts at once.
"""
