"""Made-up students: some with one name, some whose names are hard on a file format."""

from __future__ import annotations

from random import Random

from autograder.classroom.people import Student

FIRST = (
    "Ada", "Alan", "Grace", "Edsger", "Barbara", "Donald", "Frances", "John", "Shafi", "Leslie",
    "Radia", "Tim", "Margaret", "Dennis", "Katherine", "Ken", "Adele", "Niklaus", "Hedy", "Claude",
    "Zoë", "Jiří", "Mary-Ann", "D'Arcy", "Nguyễn", "Søren", "张伟", "Ægir", "Ruth", "Omar",
)  # fmt: skip
LAST = (
    "Lovelace", "Turing", "Hopper", "Dijkstra", "Liskov", "Knuth", "Allen", "Backus", "Goldwasser",
    "Lamport", "Perlman", "Lee", "Hamilton", "Ritchie", "Johnson", "Thompson", "Goldberg", "Wirth",
    "Lamarr", "Shannon", "de la Cruz", "O'Neill", "van der Berg", "Müller-Lüdenscheid", "Ng",
)  # fmt: skip

NAMESAKES = 40
"""Of so many students, one has the name of the student before."""


def students(count: int, rng: Random) -> list[Student]:
    """So many students, each with everything that some system knows a student by."""
    found: list[Student] = []
    for number in range(count):
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        if number % NAMESAKES == NAMESAKES - 1:
            name = found[-1].name
        found.append(
            Student(
                name,
                sid=str(100_000 + 7 * number),
                email=f"student{number}@example.edu",
                login=f"student{number}",
                canvas_id=str(50_000 + 3 * number),
                participant=str(2_000 + number),
            )
        )
    return found
