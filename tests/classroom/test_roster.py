"""The roster: whatever columns it has, and who is who."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.people import Student
from autograder.classroom.roster import Roster, RosterError, read_roster, spellings, squashed

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Recurrence (4711)
    Points Possible,,,,,100
"Lovelace, Ada",70001,001815,ada1,"Section 1, Monday",
"Müller-Lüdenscheidt, Jürgen",70002,001906,jml,Section 2,
"Student, Test",70999,,abcdef,Section 1,
"""
CANVAS_STUDENTS = (
    Student("Ada Lovelace", "001815", login="ada1", canvas_id="70001"),
    Student("Jürgen Müller-Lüdenscheidt", "001906", login="jml", canvas_id="70002"),
)
ADA = Student("Ada Lovelace", "1815", "ada@example.edu")

FILES: dict[str, tuple[str, tuple[Student, ...]]] = {
    "Canvas": (CANVAS, CANVAS_STUDENTS),
    "Canvas with a row of posting": (
        CANVAS.replace("    Points", ",,,,,Manual Posting\n    Points"),
        CANVAS_STUDENTS,
    ),
    "Gradescope": (
        "First Name,Last Name,SID,Email,Role\nAda,Lovelace,1815,ada@example.edu,Student\n"
        "Alan,Turing,,alan@example.edu,Instructor\nTim,Lee,,tim@example.edu,TA\n",
        (ADA,),
    ),
    "Gradescope's other": (
        "Name,SID,Email,Sections\nAda Lovelace,1815,ada@example.edu,A\n",
        (ADA,),
    ),
    "Moodle's worksheet": (
        "Identifier,Full name,Email address,Status,Grade\n"
        "Participant 301,Ada Lovelace,ada@example.edu,Submitted,\n",
        (Student("Ada Lovelace", email="ada@example.edu", participant="301"),),
    ),
    "Moodle's worksheet, blind": (
        "Identifier,Status,Grade\nParticipant 301,Submitted,\n",
        (Student(participant="301"),),
    ),
    "Moodle's in German": (
        "ID;Vollständiger Name;E-Mail-Adresse\nTeilnehmer/in 301;Ada Lovelace;ada@example.edu\n",
        (Student("Ada Lovelace", email="ada@example.edu", participant="301"),),
    ),
    "Moodle's participants": (
        '"First name",Surname,"ID number","Email address"\nAda,Lovelace,1815,ada@example.edu\n',
        (ADA,),
    ),
    "nbgrader": (
        "id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.edu\n",
        (Student("Ada Lovelace", "ada", "ada@example.edu"),),
    ),
    "GitHub Classroom": (
        "identifier,github_username,github_id,name\n1815x,ada-gh,4711,Ada Lovelace\n"
        "bob@example.edu,bob-gh,4712,\n",
        (
            Student("Ada Lovelace", "1815x", login="ada-gh"),
            Student("", "", "bob@example.edu", "bob-gh"),
        ),
    ),
    "semicolons": ("SID;Email;Name\n1815;ada@example.edu;Lovelace, Ada\n", (ADA,)),
    "tabs": ("SID\tEmail\tName\n1815\tada@example.edu\tAda  Lovelace\n", (ADA,)),
    "a line for Excel": ("sep=;\nSID;Email;Name\n1815;ada@example.edu;Ada Lovelace\n", (ADA,)),
    "quotes": ('"SID","Email","Name"\n"1815","ada@example.edu","Ada Lovelace"\n', (ADA,)),
    "quotes in a name": ('Name\n"Ada ""The First"" L."\n', (Student('Ada "The First" L.'),)),
    "a line end in a cell": ('SID,Email,Name\n1815,ada@example.edu,"Ada\nLovelace"\n', (ADA,)),
    "numbers kept as texts": (
        'SID,Email,Name\n"=""0815""",a@x.edu,A\n\'0816,b@x.edu,B\n',
        (Student("A", "0815", "a@x.edu"), Student("B", "0816", "b@x.edu")),
    ),
    "other capitals and spaces": (
        " sid , E-Mail ,NAME\n1815, ada@example.edu ,Ada Lovelace\n",
        (ADA,),
    ),
    "columns nobody asked for": (
        "No.,SID,Grade,Email,Name,Comment\n1,1815,A,ada@example.edu,Ada Lovelace,;;;\n",
        (ADA,),
    ),
    "short and empty rows": (
        "SID,Email,Name\n\n1815,ada@example.edu,Ada Lovelace\n1906\n,,\n",
        (ADA, Student(sid="1906")),
    ),
    "a title above": ("My course\n\nSID,Email,Name\n1815,ada@example.edu,Ada Lovelace\n", (ADA,)),
    "one column": ("email\nada@example.edu\n", (Student(email="ada@example.edu"),)),
    "one student in two rows": (
        "SID,Email,Name\n1815,,Ada Lovelace\n1815,ada@example.edu,\n",
        (ADA,),
    ),
    "line ends of an old Mac": ("SID,Email,Name\r1815,ada@example.edu,Ada Lovelace\r", (ADA,)),
    "a login that is a number": ("Username,ID\nada,1815\n", (Student(sid="1815", login="ada"),)),
}  # fmt: skip


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("what", FILES)
def test_a_roster_is_read(what: str, tmp_path: Path) -> None:
    text, students = FILES[what]
    assert read_roster(written(tmp_path, text)).students == students


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_roster_is_read_in_whatever_it_is_saved(
    encoding: str, line_end: str, tmp_path: Path
) -> None:
    text = CANVAS.replace("\n", line_end)
    assert read_roster(written(tmp_path, text, encoding)).students == CANVAS_STUDENTS


NO_ROSTER = {
    "nothing": (b"", "has no heading that is known here"),
    "other headings": (b"a,b\n1,2\n", "its first line is: a, b"),
    "no heading": (b"ada@example.edu\nbob@example.edu\n", "its first line is: ada@example.edu"),
    "only headings": (b"SID,Email\n", "has no student in it"),
    "a spreadsheet": (b"PK\3\4", "is a spreadsheet: save it as CSV"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0", "is a spreadsheet: save it as CSV"),
    "a cell without end": (b'SID\n"' + b"x" * 200_000, "cannot be read as CSV"),
    "bytes": (bytes(range(256)), "has no heading"),
}


@pytest.mark.parametrize("what", NO_ROSTER)
def test_what_is_no_roster_is_one_sentence(what: str, tmp_path: Path) -> None:
    content, why = NO_ROSTER[what]
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(RosterError, match=why) as caught:
        read_roster(tmp_path / "roster.csv")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_a_roster_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(RosterError, match="cannot be read"):
            read_roster(path)


def test_staff_are_left_out_and_counted(tmp_path: Path) -> None:
    roster = read_roster(written(tmp_path, FILES["Gradescope"][0]))
    assert roster.remarks == ("roster.csv: 2 of its rows are staff, and were left out",)


# ------------------------------------------------------------------------------------ who is who

ROSTER = Roster([
    Student("Ada Lovelace", "001815", "ada@example.edu", "ada1", "70001", "301"),
    Student("Jürgen von Weiß", "1906", "jw@example.edu", "jw", "70002", "302"),
    Student("Jan Novák", "1", "jan.n@example.edu"),
    Student("Jan Novak", "2", "jan2@example.edu"),
    Student("李 小龙", "3"),
    Student("Anne-Marie Curie", "4"),
])  # fmt: skip

FOUND = {
    "001815": [
        Student(sid="001815"),
        Student(sid="1815"),
        Student(email="ADA@example.edu"),
        Student(login="Ada1"),
        Student(login="ada@example.edu"),
        Student(login="ada"),
        Student(login="001815"),
        Student(login="1815"),
        Student(login="70001"),
        Student(login="Ada Lovelace"),
        Student(login="lovelace_ada"),
        Student(canvas_id="70001"),
        Student(participant="301"),
        Student("Ada Lovelace"),
        Student("ADA LOVELACE"),
        Student("Lovelace, Ada"),
        Student("lovelaceada"),
        Student("Lovelace Ada", participant="301"),
        Student("Ada Augusta Lovelace", participant="301"),
        Student("Ada Lovelace", participant="977"),
        Student("Ada Lovelace", email="ada@home.example"),
        Student("Group 3-Ada Lovelace"),
        Student("Somebody else", sid="001815"),
    ],
    "1906": [Student("vonweissjurgen"), Student("Ju\N{COMBINING DIAERESIS}rgen VON WEISS")],
    "2": [Student("Jan Novak", sid="2"), Student(login="jan2")],
    "3": [Student("李小龙"), Student("小龙 李")],
    "4": [Student("Anne Marie Curie"), Student("curieannemarie")],
    "": [
        Student("Jan Novák"),
        Student("Jan Novak"),
        Student("Grace Hopper"),
        Student("Ada"),
        Student(sid="9"),
        Student(login="jan"),
        Student("Green team", participant="301"),
        Student("Ada Svoboda", participant="301"),
        Student("Ada Lovelace", sid="9"),
        Student("Ada Lovelace", canvas_id="9"),
        Student(login="-"),
        Student("-"),
        Student(),
    ],
}


@pytest.mark.parametrize("sid", FOUND)
def test_a_student_is_found_by_what_is_known(sid: str) -> None:
    for student in FOUND[sid]:
        found = ROSTER.find(student)
        assert (found.sid if found else "") == sid, student


def test_a_match_has_all_that_both_know() -> None:
    match = ROSTER.match(Student("lovelaceada", canvas_id="70001"))
    assert match == ROSTER.students[0]
    stranger = Student("Grace Hopper")
    assert ROSTER.match(stranger) == stranger
    assert ROSTER.match(Student(sid="4", login="amc")).login == "amc"


def test_moodles_number_is_that_of_the_assignment_at_hand() -> None:
    assert ROSTER.match(Student("Ada Lovelace", participant="977")).participant == "977"
    assert ROSTER.match(Student("Ada Lovelace")).participant == "301"


def test_a_student_who_is_given_twice_is_one() -> None:
    ada = Student("Ada Lovelace", "1815")
    assert Roster([ada, ada]).students == (ada,)
    assert Roster([ada, ada]).find(Student(sid="1815")) == ada


def test_two_of_one_name_are_told_apart_or_not_at_all() -> None:
    assert ROSTER.has_several(Student("Jan Novák"))
    assert ROSTER.match(Student("Jan Novák")) == Student("Jan Novák")
    assert not ROSTER.has_several(Student("Jan Novák", sid="1"))
    assert not ROSTER.has_several(Student("Ada Lovelace"))
    assert not ROSTER.has_several(Student("Grace Hopper"))


def test_rows_that_contradict_one_another_are_said(tmp_path: Path) -> None:
    text = "SID,Name\n1,Ada Lovelace\n1,Grace Hopper\n,Jan Novak\n,Jan Novak\n"
    roster = read_roster(written(tmp_path, text))
    assert len(roster.students) >= 3
    assert roster.remarks == (
        "roster.csv: Ada Lovelace and Grace Hopper have the same sid",
        "roster.csv: nothing but the name tells two students called Jan Novak apart",
    )
    assert roster.find(Student(sid="1")) is None
    assert roster.find(Student("Jan Novak")) is None
    assert roster.has_several(Student("Jan Novak"))


def test_names_are_compared_without_what_systems_drop() -> None:
    assert squashed("Ñuñez,  José-María") == "nunezjosemaria"
    assert spellings("Lovelace, Ada Augusta") & spellings("Ada Augusta Lovelace")
    assert spellings("") == set()
