"""The numbers of a class report, against sums done by hand and other ways to them."""

from __future__ import annotations

import statistics as stdlib
from collections.abc import Mapping

import numpy as np
import pytest

from autograder.classroom import mistakes, statistics
from autograder.classroom.grade import Grade, Key, ProblemGrade
from autograder.classroom.statistics import ENOUGH, Grades, Share

WORTH = {"one": 4.0, "two": 6.0, "three": 10.0}


def graded(problem: str, share: float = 1.0, **more: object) -> ProblemGrade:
    worth = WORTH[problem]
    status = {1.0: "passed", 0.0: "failed"}.get(share, "partial")
    told = {"status": status, "outputs": {"y": "right" if share == 1.0 else "wrong"}, **more}
    return ProblemGrade(problem, "lesson", share * worth, worth, **told)  # type: ignore[arg-type]


def grade(*problems: ProblemGrade, files: str = "") -> Grade:
    return Grade(
        Key(files or "f", "set", "c", "g"),
        sum(one.score for one in problems),
        sum(one.max_score for one in problems),
        problems,
    )


def grades_of(table: np.ndarray) -> Grades:
    """A row of shares of the three problems for each submission."""
    found = {}
    for number, row in enumerate(table):
        problems = [graded(name, float(x)) for name, x in zip(WORTH, row, strict=True)]
        found[f"s{number}"] = grade(*problems)
    return found


@pytest.fixture
def table() -> np.ndarray:
    rng = np.random.default_rng(3)
    ability = rng.normal(size=(100, 1))
    return np.clip(0.5 + 0.3 * ability + rng.normal(scale=0.2, size=(100, 3)), 0, 1)


# ------------------------------------------------------------------------------------------- shares


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (3, 10, 0.1078, 0.6032),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilsons_interval(count: int, of: int, low: float, high: float) -> None:
    """The last line is Newcombe's (1998) example; the others are worked out by hand."""
    assert statistics.wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("of", [1, 7, 300])
def test_wilsons_interval_ends_where_the_share_is_just_not_unlikely(of: int) -> None:
    """Its ends are the shares p of which (share - p)^2 = z^2 p (1 - p) / n."""
    for count in range(1, of):
        for end in statistics.wilson(count, of):
            unlikely = statistics.Z**2 * end * (1 - end) / of
            assert (count / of - end) ** 2 == pytest.approx(unlikely)


def test_of_nobody_everything_is_possible() -> None:
    assert Share(0, 0).value == 0.0 and Share(0, 0).interval == (0.0, 1.0)


# ------------------------------------------------------------------------------------ distributions


def test_a_distribution_is_that_of_the_standard_library() -> None:
    values = [3.0, 50.5, 98.0, 100.0, 77.25, 77.25, 0.0]
    found = statistics.distribution(values)
    assert found is not None
    assert found.mean == pytest.approx(stdlib.mean(values))
    assert found.deviation == pytest.approx(stdlib.stdev(values))
    assert found.median == stdlib.median(values)
    quartiles = stdlib.quantiles(values, n=4, method="inclusive")
    assert [found.lower, found.median, found.upper] == pytest.approx(quartiles)
    assert (found.least, found.most, found.count) == (0.0, 100.0, 7)


def test_one_number_has_no_deviation_and_no_number_no_distribution() -> None:
    found = statistics.distribution([4.0])
    assert found is not None and found.deviation is None and found.mean == 4.0
    assert statistics.distribution([]) is None


def test_each_value_lies_between_two_edges_once() -> None:
    assert statistics.counts_between([0, 9.9, 10, 20, 30], [0, 10, 20, 30]) == [2, 1, 2]
    assert statistics.counts_between([], [0, 10]) == [0]


# ----------------------------------------------------------------------------------- discrimination


def test_the_correlation_leaves_the_problem_itself_out(table: np.ndarray) -> None:
    scores = table * list(WORTH.values())
    for number, item in enumerate(statistics.analyse(grades_of(table)).items):
        own = list(scores[:, number])
        others = [sum(row) - row[number] for row in scores.tolist()]
        assert item.correlation == pytest.approx(stdlib.correlation(own, others))
        with_itself = stdlib.correlation(own, [sum(row) for row in scores.tolist()])
        assert item.correlation != pytest.approx(with_itself)


def test_upper_minus_lower_is_the_difference_of_the_outer_27_of_100(table: np.ndarray) -> None:
    totals = table @ list(WORTH.values())
    order = np.argsort(totals)
    for number, item in enumerate(statistics.analyse(grades_of(table)).items):
        upper, lower = table[order[-27:], number].mean(), table[order[:27], number].mean()
        assert item.gap == pytest.approx(upper - lower)


def test_who_ties_at_the_border_counts_equally_in_whatever_order() -> None:
    """27 % of 10 are 2.7: the best one, and 1.7 of the two that tie behind it, 0.85 each."""
    totals = np.array([9.0, 5, 5, 4, 4, 4, 4, 4, 4, 4])
    shares = np.array([1.0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    by_hand = (1 + 0.85) / 2.7
    assert statistics.upper_minus_lower(shares, totals) == pytest.approx(by_hand)
    turned = statistics.upper_minus_lower(shares[::-1], totals[::-1])
    assert turned == pytest.approx(by_hand)


def test_sums_that_differ_by_a_rounding_tie() -> None:
    totals = np.array([0.1 + 0.2, 0.3])
    assert totals[0] != totals[1]
    assert statistics.upper_minus_lower(np.array([1.0, 0.0]), totals) == pytest.approx(0.0)


def test_alpha_by_hand() -> None:
    """Variances 5/3 and 5/3, of the totals 16/3: alpha = 2 (1 - (10/3) / (16/3)) = 3/4."""
    scores = np.array([[1.0, 2], [2, 1], [3, 4], [4, 3]])
    assert statistics.cronbachs_alpha(scores) == pytest.approx(3 / 4)


def test_alpha_goes_by_the_covariances(table: np.ndarray) -> None:
    """Another formula: k c / (v + (k - 1) c), c the mean covariance and v the mean variance."""
    scores = table * list(WORTH.values())

    def other(scores: np.ndarray) -> float:
        k = scores.shape[1]
        table = np.cov(scores.T)
        mean_variance = np.trace(table) / k
        mean_covariance = (table.sum() - np.trace(table)) / (k * (k - 1))
        return float(k * mean_covariance / (mean_variance + (k - 1) * mean_covariance))

    found = statistics.analyse(grades_of(table))
    assert found.alpha == pytest.approx(other(scores))
    for number, item in enumerate(found.items):
        assert item.alpha_without == pytest.approx(other(np.delete(scores, number, axis=1)))


def test_where_nothing_differs_there_is_no_number() -> None:
    found = statistics.analyse(grades_of(np.full((40, 3), 0.5)))
    assert found.alpha is None
    assert {item.correlation for item in found.items} == {None}
    assert {item.gap for item in found.items} == {0.0}


@pytest.mark.parametrize("count", [0, 1, ENOUGH - 1])
def test_a_small_class_gets_a_note_in_place_of_a_number(table: np.ndarray, count: int) -> None:
    found = statistics.analyse(grades_of(table[:count]))
    assert found.alpha is None and str(ENOUGH) in found.note
    for item in found.items:
        assert (item.correlation, item.gap, item.alpha_without) == (None, None, None)
        assert item.share_all == pytest.approx(np.mean(table[:count], axis=0)[_column(item)])


def test_enough_submissions_need_no_note(table: np.ndarray) -> None:
    found = statistics.analyse(grades_of(table[:ENOUGH]))
    assert found.note == "" and found.alpha is not None


def _column(item: statistics.Item) -> int:
    return [*WORTH].index(item.problem)


# --------------------------------------------------------------------------------------- difficulty


def test_difficulty_is_over_those_who_tried_and_over_all() -> None:
    found = statistics.analyse(
        {
            "a": grade(graded("one", 1.0)),
            "b": grade(graded("one", 0.5)),
            "c": grade(graded("one", 0.0, status="todo")),
            "d": grade(graded("one", 0.0, status="error")),
        }
    )
    (item,) = found.items
    assert item.share_tried == pytest.approx(1.5 / 3) and item.share_all == pytest.approx(1.5 / 4)
    assert item.tried == Share(3, 4)


def test_a_problem_nobody_tried_has_no_difficulty_among_those_who_tried() -> None:
    (item,) = statistics.analyse({"a": grade(graded("one", 0.0, status="todo"))}).items
    assert item.share_tried is None and item.share_all == 0.0


def test_a_problem_that_a_grade_does_not_have_is_to_do_there() -> None:
    found = statistics.analyse({"a": grade(graded("one")), "b": grade(graded("two"))})
    assert [item.outcomes["to do"] for item in found.items] == [1, 1]


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"status": "passed"}, "right"),
        ({"status": "partial", "outputs": {"y": "carried", "z": "right"}}, "carried"),
        ({"status": "partial", "outputs": {"y": "carried", "z": "wrong"}}, "partly"),
        ({"status": "failed", "outputs": {"y": "carried"}}, "carried"),  # carried_share is 0
        ({"status": "failed", "outputs": {"y": "wrong"}}, "wrong"),
        ({"status": "error", "outputs": {"y": "missing"}}, "stopped"),
        ({"status": "timeout", "outputs": {"y": "missing"}}, "too slow"),
        ({"status": "todo", "outputs": {"y": "missing"}}, "to do"),
    ],
)
def test_what_became_of_a_problem(told: Mapping[str, object], word: str) -> None:
    assert statistics.outcome(graded("one", 0.5, **told)) == word


# ----------------------------------------------------------- carried mistakes, where they were made


CARRIED = grade(
    graded("one", 0.0, diagnosis="one.wrong"),
    graded("two", 0.5, diagnosis="one.wrong", carried_from="one", outputs={"y": "carried"}),
    graded("three", 0.0, status="error", diagnosis="one.wrong", carried_from="two"),
)


def test_what_a_mistake_costs_counts_where_it_was_made() -> None:
    items = statistics.analyse({"a": CARRIED}).items
    assert [item.lost_here for item in items] == [4.0 + 3.0 + 10.0, 0.0, 0.0]


def test_a_mistake_counts_once_however_many_problems_show_it() -> None:
    (known,) = mistakes.known_mistakes({"a": CARRIED, "b": grade(graded("one"))})
    assert known.misconception == "one.wrong" and known.share == Share(1, 2)
    assert known.lost == 17.0 and known.place == "one"
    assert known.carried_to == {"two": 1, "three": 1}


def test_what_is_carried_without_a_name_has_the_name_it_has_where_it_was_made() -> None:
    carried = grade(
        graded("one", 0.0, diagnosis="one.wrong"),
        graded("two", 0.5, carried_from="one", outputs={"y": "carried"}),
    )
    (known,) = mistakes.known_mistakes({"a": carried})
    assert known.lost == 7.0 and known.carried_to == {"two": 1}


def test_who_makes_it_again_without_carrying_made_it_there() -> None:
    again = grade(graded("one", 1.0), graded("two", 0.0, diagnosis="one.wrong"))
    (known,) = mistakes.known_mistakes({"a": again})
    assert known.place == "two" and known.carried_to == {} and known.lost == 6.0


def test_a_circle_of_carrying_ends() -> None:
    circle = grade(graded("one", 0.0, carried_from="two"), graded("two", 0.0, carried_from="one"))
    assert sum(statistics.lost_by_place({"a": circle}).values()) == 10.0


# ----------------------------------------------------------------------------------- known mistakes


def with_mistakes(*names: str) -> Grade:
    problems = []
    for problem, name in zip(WORTH, names, strict=False):
        problems.append(graded(problem, 0.0, diagnosis=name) if name else graded(problem))
    return grade(*problems)


def test_the_most_frequent_come_first_and_the_dearest_by_points() -> None:
    found = mistakes.known_mistakes(
        {"a": with_mistakes("x"), "b": with_mistakes("x"), "c": with_mistakes("", "", "z")}
    )
    assert [one.misconception for one in found] == ["x", "z"]
    assert [one.misconception for one in mistakes.dearest(found)] == ["z", "x"]


def test_there_are_five_dearest_and_none_that_cost_nothing() -> None:
    class_of = {f"s{n}": with_mistakes(f"m{n}") for n in range(7)}
    assert len(mistakes.dearest(mistakes.known_mistakes(class_of))) == mistakes.DEAREST
    free = {"a": grade(graded("one", 1.0, status="partial", diagnosis="x"))}
    assert mistakes.dearest(mistakes.known_mistakes(free)) == []


def test_pairs_are_those_that_meet_more_often_than_by_chance() -> None:
    class_of = {f"both{n}": with_mistakes("x", "y") for n in range(4)}
    class_of |= {f"x{n}": with_mistakes("x") for n in range(2)}
    class_of |= {f"none{n}": with_mistakes() for n in range(6)}
    (pair,) = mistakes.pairs(mistakes.known_mistakes(class_of))
    assert {pair.first, pair.second} == {"x", "y"} and pair.together == 4
    assert pair.expected == pytest.approx(12 * (6 / 12) * (4 / 12))


def test_what_everybody_does_pairs_with_nothing() -> None:
    class_of = {f"both{n}": with_mistakes("x", "y") for n in range(5)}
    assert mistakes.pairs(mistakes.known_mistakes(class_of)) == []


# --------------------------------------------------------------------------------------- unforeseen


def odd(*digests: str, files: str = "") -> Grade:
    problems = []
    for problem, wrong in zip(WORTH, digests, strict=False):
        problems.append(graded(problem, 0.0, wrong=wrong) if wrong else graded(problem))
    return grade(*problems, files=files)


def test_three_with_equal_wrong_numbers_share_a_mistake_and_two_do_not() -> None:
    class_of = {f"three{n}": odd("abc", files=f"{n}") for n in range(3)}
    class_of |= {f"two{n}": odd("def") for n in range(2)}
    (found,) = mistakes.unforeseen(class_of)
    assert found.submissions == ("three0", "three1", "three2") and found.problem == "one"
    assert found.outputs == ("y",) and found.lost == 12.0 and found.different == 3


def test_equal_files_are_told_from_equal_mistakes() -> None:
    (found,) = mistakes.unforeseen({f"s{n}": odd("abc", files="same") for n in range(3)})
    assert len(found.submissions) == 3 and found.different == 1


def test_what_only_those_share_who_share_an_earlier_one_is_said_to_follow() -> None:
    class_of = {f"s{n}": odd("abc", "def") for n in range(3)}
    class_of |= {f"t{n}": odd("abc", "", "ghi") for n in range(3)}
    class_of |= {"u": odd("", "", "ghi")}
    found = {one.problem: one for one in mistakes.unforeseen(class_of)}
    assert found["two"].follows == ("one", "abc") and found["one"].follows is None
    assert found["three"].follows is None, "one of its four submissions has no earlier mistake"


def test_the_same_digest_of_another_problem_is_another_mistake() -> None:
    class_of = {"a": odd("abc"), "b": odd("abc"), "c": odd("", "abc")}
    assert mistakes.unforeseen(class_of) == []


def test_what_has_a_name_is_not_unforeseen() -> None:
    named = grade(graded("one", 0.0, wrong="abc", diagnosis="x"))
    assert mistakes.unforeseen({f"s{n}": named for n in range(3)}) == []
