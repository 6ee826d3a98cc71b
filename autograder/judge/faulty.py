"""The sentences about faults: why the student's code gave no answer, and where it was."""

from __future__ import annotations

from autograder import lessons
from autograder.problem import Fault, Problem
from autograder.wording import HALF_DONE

ALONE = 'put what the file is to do by itself below `if __name__ == "__main__":`'


def fault(found: Fault, problem: Problem) -> str:
    """What went wrong while the student's code ran, and where, in one sentence."""
    location = f" ({found.location})" if found.location else ""
    error = ": ".join(filter(None, (found.error, found.text)))
    call = f"; the check was: {found.call}" if found.call else ""
    during = "while the file was imported" if found.phase == "import" else "on this call"
    misfit = f"what came back does not fit: {found.text}{call}" if call else found.text
    late = f"; {ALONE}" if found.phase == "import" else ""
    return {
        "import": f"{problem.lesson}.py cannot be imported: {error}{location}",
        "missing": f"{found.text or f'{problem.of} is missing'}{location}",
        "todo": unfinished(found, problem),
        "raised": f"stopped with {error}{location}{call}",
        "returned": misfit,
        "refused": f"{found.text or 'it does what is not allowed here'}{location}",
        "died": f"the process ended {during}: {found.text}",
        "timeout": f"no answer {during}: {found.text or 'time is up'}{late}",
        "garbled": f"the answer could not be read: {found.text}",
        "silent": "there is no answer",
    }[found.kind]


def unfinished(found: Fault, problem: Problem) -> str:
    """What is still to do and where, or which line says so of code that is there already."""
    if not found.text:
        where = found.location or f"{problem.lesson}.py"
        return f"{HALF_DONE} at {where}: delete that line when the function is finished"
    text = f"still to do: {found.text}"
    if not found.location:
        return text
    text += f", at recurrent/{found.location}"
    lesson = found.location.partition(".py")[0]
    if lesson not in lessons.names():
        return text
    if lesson != problem.lesson:
        number = lessons.lesson(lesson).number
        return f"{text}: it is a function of lesson {number}, and {problem.of} calls it"
    other = found.text.partition(" ")[0]
    if other != problem.of and any(other == one.of for one in lessons.lesson(lesson).problems):
        return f"{text}: {problem.of} calls it"
    return text
