"""Every sentence of SECURITY.md that promises or admits something has a test, and that test exists.

A new sentence there fails here until it is given one; so does a test that is renamed or removed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.adversarial.catalogue import ITEMS
from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")

CATALOGUE = "adversarial/test_catalogue.py::test_the_verdict_is_the_one_it_deserves"
LEFT = "adversarial/test_catalogue.py::test_results_are_valid_and_nothing_is_left"
SMALL = "adversarial/test_catalogue.py::test_no_submission_makes_the_judge_large"
LAYERS = "adversarial/test_catalogue.py::test_the_layers_are_what_they_say"
SOAK = "adversarial/test_soak.py::test_five_hundred_submissions_leave_nothing_behind"
FUZZ = "adversarial/test_wire_fuzz.py::test_any_table_of_arrays_is_read_or_refused"
WORTHLESS = (
    "adversarial/test_worthless_submissions.py::"
    "test_a_submission_that_implements_nothing_earns_nothing"
)
BUILT = "adversarial/test_worthless_submissions.py::test_weights_that_are_not_built_earn_nothing"
NEIGHBOURS = "sandbox/test_neighbours.py::test_what_reaches_others_or_counts_nowhere_is_refused"
DOCTOR = "sandbox/test_neighbours.py::test_the_doctor_sees_a_layer_that_is_missing"
ORDER = "test_sitting.py::test_nothing_public_runs_beside_or_after_anything_hidden"
SILENT = "test_sitting.py::test_every_way_not_to_answer_a_hidden_case_looks_the_same"
RIGHT = "test_sitting.py::test_a_right_answer_in_a_hidden_case_tells_nothing_else"
ARRAYS = "sandbox/test_messages.py::test_of_a_hidden_case_only_arrays_are_heard"
NOT_CARRIED = "test_carrying.py::test_a_constant_earns_nothing_in_a_backward_after_any_mistake"
PROCESS = "intake/test_unpack.py::test_the_process_can_do_nothing_else"
CODECS = "intake/test_unpack.py::test_a_codec_that_is_not_read_costs_its_own_file"
LEAKS = "test_stubs.py::test_nothing_leaks_into_the_assignment_or_the_zips"
TORCH = "sandbox/test_block_torch.py::test_a_ready_made_part_is_refused"
TORCH_OPEN = "sandbox/test_block_torch.py::test_what_remains_is_known_and_only_a_convention"
PRINTABLE = "test_results_file.py::test_no_text_in_the_results_moves_a_cursor_or_turns_a_line_round"
DASK = "classroom/test_engine_dask.py::test_a_scheduler_elsewhere_is_refused_in_one_sentence"
NBGRADER = "test_nbgrader.py::test_every_problem_earns_what_autograder_gives_it"

PROMISED = {
    "No submission stops the grader": (CATALOGUE, LEFT),
    "What was not right, printed": ("test_sitting.py::test_what_was_wrong_only_together_is_right_alone",),
    "a budget for the whole": ("test_sitting.py::test_time_that_runs_out_leaves_what_was_sat",),
    "A busy machine fails": ("test_sitting.py::test_waiting_is_not_working",),
    "Deadlines count processor": ("test_sitting.py::test_work_is_stopped_by_its_processor_time",),
    "the wall clock may show": (
        "test_sitting.py::test_waiting_is_stopped_by_the_clock_and_work_that_hardly_goes_on_much_later",
    ),
    "No answer fills": (SMALL, SOAK),
    "An answer may have four": (
        "test_sitting.py::test_an_answer_far_larger_than_expected_is_not_sent",
        "test_sitting.py::test_a_forged_answer_far_larger_than_expected_is_refused_before_it_is_read",
    ),
    "shapes before any": (
        "test_gradients.py::test_an_output_of_another_shape_is_refused_before_it_is_multiplied",
    ),
    "There is always a valid": (LEFT,),
    "Written by `run_autograder`": (
        "test_results_file.py::test_without_packages_there_is_a_result_and_staff_read_what_is_missing",
        "test_results_file.py::test_without_any_python_there_is_a_result_too",
    ),
    'then as "the grader failed"': (
        "test_gradescope.py::test_results_are_valid_and_complete_after_every_problem",
        "test_gradescope.py::test_there_is_a_result_before_anything_runs_and_after_the_grader_breaks",
    ),
    "Its room on the disk": (
        "test_results_file.py::test_a_disk_that_a_submission_fills_loses_no_points",
    ),
    "Who implements nothing": (WORTHLESS, "test_proof.py::test_what_implements_nothing_earns_nothing"),
    "Points are paid": ("test_carrying.py::test_an_exception_earns_nothing_after_any_mistake",),
    "properties, which anybody": ("test_proof.py::test_what_implements_nothing_earns_nothing",),
    "Probes return data": (
        "test_properties.py::test_a_probe_answers_with_data_and_with_nothing_else",
    ),
    "a constant, an argument or": (NOT_CARRIED, WORTHLESS),
    "built weights are run": (BUILT,),
    "Who differentiates numerically": (
        "test_large_cases.py::test_a_numeric_derivative_is_told_and_earns_nothing",
    ),
    "Every gradient has": (
        "test_large_cases.py::test_every_gradient_has_one_and_only_among_the_hidden_cases",
    ),
    "central differences take": (
        "test_large_cases.py::test_numeric_differentiation_does_not_finish",
        "test_large_cases.py::test_loops_and_other_styles_have_time_to_spare",
    ),
    "An error of ours": ("test_gradescope.py::test_our_own_crash_is_ours_and_costs_one_problem",),
    "It costs that problem only": ("test_sitting.py::test_a_failure_of_ours_costs_one_problem",),
    "Expected values are never": (CATALOGUE,),
    "The worker gets inputs": ("test_walls.py::test_a_room_imports_only_what_lies_below_it",),
    "judge and casebook live": (LAYERS,),
    "Nothing that comes back": (FUZZ, "adversarial/test_wire_fuzz.py::test_noise_is_a_message_or_refused"),
    "Lengths first": ("adversarial/test_wire_fuzz.py::test_the_worst_costs_neither_memory_nor_time",),
    "shapes, types and numbers": ("sandbox/test_faults.py::test_what_comes_back_is_plain_arrays_or_described",),
    "The solution does not travel": (LEAKS,),
    "Casebooks hold arrays": ("test_stubs.py::test_the_whole_handout_of_all_lessons_is_clean",),
    "a build with a solution's line": (
        "test_stubs.py::test_a_planted_line_is_found",
        "test_given.py::test_a_graded_function_without_markers_is_refused_by_name",
    ),
    "Hidden cases stay hidden": (ORDER, SILENT),
    "Two sittings": ("test_sitting.py::test_a_right_submission_takes_one_process_a_sitting",),
    "no public case of": (ORDER, SILENT, RIGHT, ARRAYS),
    "What is lent gives away": (
        "test_lending.py::test_worthless_work_over_what_is_lent_earns_nothing",
        "test_lending.py::test_a_missing_file_is_no_way_round_the_large_case",
    ),
    "A call in place of": ("test_lending.py::test_other_numbers_get_nan_and_so_does_what_follows",),
    "questions are bounded": (
        "test_lending.py::test_the_lender_hears_so_many_questions_and_no_more",
        "adversarial/test_wire_fuzz.py::test_any_question_about_what_is_lent_is_answered_or_refused",
    ),
    "whatever is asked in a hidden": (SILENT,),
    "What a student prints": (PRINTABLE,),
    "Control characters, marks": (
        PRINTABLE,
        "test_results_file.py::test_a_finding_and_an_error_are_printable_from_the_start",
        "test_terminal.py::test_no_text_moves_the_cursor",
    ),
    "HTML is escaped": ("test_notebook_report.py::test_what_came_from_a_student_is_escaped",),
    "Nothing is left behind": (LEFT, SOAK),
    "Orphans are adopted": ("sandbox/test_faults.py::test_no_process_and_no_descriptor_is_left",),
    "Nothing is written": (NEIGHBOURS,),
    "`RLIMIT_FSIZE` is 0": (NEIGHBOURS, "sandbox/test_neighbours.py::test_the_doctor_sees_limits_that_are_missing"),
    "cleaning goes as deep": ("sandbox/test_cleanup.py::test_nothing_is_left",),
    "Neighbours keep": ("sandbox/test_neighbours.py::test_the_second_submission_finds_the_surroundings_of_the_first",),
    "seccomp refuses": (NEIGHBOURS,),
    "a worker's user number": (
        "sandbox/test_neighbours.py::test_a_number_whose_files_stay_is_not_given_away",
        "sandbox/test_neighbours.py::test_system_v_objects_go_with_their_user",
    ),
    "no two graders on a machine": (
        "sandbox/test_neighbours.py::test_no_two_graders_have_the_same_users_wherever_few_are_mapped",
        "sandbox/test_neighbours.py::test_a_grader_in_another_process_has_other_users_and_gives_them_back_when_killed",
    ),
    "A class is graded whatever": (
        "classroom/test_engine.py::test_a_submission_that_takes_its_judge_along_is_named_and_costs_nobody_else",
    ),
    "A judge that dies": (
        "classroom/test_engine_pool.py::test_a_task_that_takes_its_process_along_is_tried_once_more_then_reported",
        "classroom/test_engine_pool.py::test_what_does_not_come_back_is_ended",
    ),
    "a row is written as soon": (
        "classroom/test_engine.py::test_a_run_that_is_killed_again_and_again_goes_on_where_it_was",
    ),
    "when a run is killed": (
        "classroom/test_engine_pool.py::test_when_the_parent_is_killed_its_processes_and_their_folders_go",
        "classroom/test_engine_pool.py::test_what_was_killed_all_at_once_is_swept_away_by_the_next",
    ),
    "Strangers are not let in": (DASK,),
    "Only a scheduler on this": (DASK, "classroom/test_engine_dask.py::test_tls_needs_certificates"),
    "a worker goes before": (DOCTOR, "test_sitting.py::test_what_died_with_the_fork_server_is_sat_once_more"),
    "`doctor` says": (DOCTOR,),
    "Each line is tried": (DOCTOR, LAYERS),
    "Few files of a submission": ("intake/test_intake.py::test_what_was_not_asked_for_stays_out",),
    "Opened without following": ("intake/test_intake.py::test_links_pipes_and_second_names_are_not_followed",),
    "caps on size": (
        "intake/test_intake.py::test_oversized_files_and_lying_zips_are_left_out",
        "intake/test_intake.py::test_many_files_and_deep_folders_end_the_search",
    ),
    "archives read and not": ("intake/test_unpack.py::test_a_zip_is_read_through_one_opening",),
    "Helpers beside the expected": ("intake/test_helpers.py::test_a_helper_stands_under_the_same_guard",),
    "an `__init__.py` is run": ("intake/test_helpers.py::test_a_broken_init_costs_only_who_uses_it",),
    "What was chosen, left out": (
        "intake/test_intake.py::test_what_was_mended_or_left_out_reaches_the_student",
        "intake/test_choice.py::test_a_second_copy_that_differs_is_said_and_an_equal_one_is_not",
    ),
    "Reading what was handed in": (CODECS, "intake/test_unpack.py::test_mutated_zips_give_a_result_or_a_sentence"),
    "The judge takes plain": ("intake/test_unpack.py::test_an_ordinary_submission_starts_no_process",),
    "Any other encoding": (
        CODECS,
        "intake/test_unpack.py::test_every_codec_that_is_read_is_read_right",
        "intake/test_unpack.py::test_only_the_two_common_compressions_are_unpacked",
    ),
    "2 s of processor time": (
        PROCESS,
        "intake/test_unpack.py::test_neither_processor_time_nor_patience_is_without_end",
        "intake/test_unpack.py::test_the_process_is_another_user",
    ),
    "what it hands back": ("intake/test_unpack.py::test_no_bytes_are_read_as_more_than_entries",),
    "A numpy lesson": (CATALOGUE,),
    "An import guard": (CATALOGUE,),
    "The torch lesson does not": (TORCH,),
    "Whatever in torch": (TORCH, "sandbox/test_block_torch.py::test_what_the_lesson_needs_stays"),
    "classes and Python functions": (TORCH,),
}  # fmt: skip
"""How a promise, or a part of how it is kept, begins -> the tests that fail when it is broken."""

ADMITTED = {
    "That a bad argument is refused": (
        "test_properties.py::test_a_property_that_does_not_hold_takes_its_share_and_is_named",
    ),
    "Inputs are seen": (SILENT, RIGHT, ORDER),
    "The handout's public casebook": (CATALOGUE, "test_handout.py::test_the_public_cases_cannot_betray_the_hidden_ones"),
    "The guard alone": (LAYERS, "test_gradescope.py::test_staff_are_told_what_protected_the_grader_and_students_are_not"),
    "An ordinary user": (CATALOGUE,),
    "nbgrader": (NBGRADER,),
    "Arithmetic that torch's": (TORCH_OPEN,),
    "Operators that honest": (
        "sandbox/test_census.py::test_staff_read_of_it_and_students_do_not",
        "sandbox/test_census.py::test_to_end_the_census_is_noted_and_breaks_nothing",
    ),
    "A Dask cluster is as safe": (DASK, NEIGHBOURS),
    "Denial of service": ("test_sitting.py::test_time_that_runs_out_leaves_what_was_sat",),
    "Copied work": (),  # says only that there is nothing
}  # fmt: skip
"""How an admission begins -> the tests that fail when it is no longer true."""


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows() -> Iterator[list[str]]:
    """The cells of each row of the promises."""
    for line in section("Promises").splitlines():
        if line.startswith("| ") and not line.startswith(("| promise |", "| --- |")):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def sentences() -> Iterator[str]:
    """Every promise, and every part of how it is kept."""
    for promise, kept, _ in rows():
        yield promise
        yield from re.split(r"(?<=[.;:]) ", kept)


def admissions() -> list[str]:
    parts = f"\n{section('Not promised').strip()}".split("\n* **")
    return [part.replace("**", "", 1) for part in parts[1:]]


@cache
def functions_in(file: str) -> set[str]:
    path = ROOT / "tests" / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("sentence", [*sentences()], ids=lambda sentence: sentence[:30])
def test_every_promise_has_its_tests(sentence: str) -> None:
    beginnings = [beginning for beginning in PROMISED if sentence.startswith(beginning)]
    assert len(beginnings) == 1, f"which tests fail when this is broken? {sentence}"
    assert PROMISED[beginnings[0]]


@pytest.mark.parametrize("admission", admissions(), ids=lambda admission: admission[:30])
def test_every_admission_has_its_tests(admission: str) -> None:
    assert len([beginning for beginning in ADMITTED if admission.startswith(beginning)]) == 1


def test_no_test_is_kept_for_a_sentence_that_is_gone() -> None:
    here = [*sentences()]
    gone = [name for name in PROMISED if not any(text.startswith(name) for text in here)]
    gone += [name for name in ADMITTED if not any(a.startswith(name) for a in admissions())]
    assert gone == []


NODES = sorted({node for nodes in (*PROMISED.values(), *ADMITTED.values()) for node in nodes})


@pytest.mark.parametrize("node", NODES)
def test_the_test_of_a_promise_exists(node: str) -> None:
    file, _, name = node.partition("::")
    assert name in functions_in(file)


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:tests|autograder)/[\w./]*\w/?)`", TEXT)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_item_of_the_catalogue_that_is_named_exists() -> None:
    numbers = {item.number for item in ITEMS}
    named = set()
    for cells in rows():
        for listed in re.findall(r"catalogue ((?:own )?\d[\d, andtow]*)", cells[-1]):
            own = ""
            for first, last in re.findall(r"((?:own )?\d+)(?: to (\d+))?", listed):
                own = "own " if first.startswith("own ") else own
                named |= {f"{own}{first.removeprefix('own ')}"}
                named |= {f"{own}{last}"} if last else set()
    assert len(named) > 25
    assert named <= numbers
