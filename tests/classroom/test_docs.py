"""docs/class.md and its example files: what they name is there, and what they show is right."""

from __future__ import annotations

import re
import shlex
import subprocess
from argparse import Namespace
from pathlib import Path

import pytest
import yaml

from autograder.classroom import roster
from autograder.classroom.engine.shards import shard_from
from autograder.classroom.engine.simulation import simulate, table
from autograder.classroom.roster import read_roster, squashed
from autograder.cli import _options
from tests.conftest import ROOT

DOCS = ROOT / "docs"
TEXT = (DOCS / "class.md").read_text(encoding="utf-8")
SLURM = DOCS / "examples" / "slurm.sh"
JOB = DOCS / "examples" / "kubernetes-indexed-job.yaml"


def parsed(command: str) -> Namespace:
    """The options of a command line as a shell would give them to the grader."""
    words = shlex.split(command.replace("\\\n", " "), comments=True)
    return _options(words[words.index("autograder") + 1 :])


ROSTER = TEXT.partition("### The roster")[2].partition("\n## ")[0]
HEADINGS = re.findall(r"`([^`]+)`", ROSTER.partition("| --- | --- |")[2].partition("\n\n")[0])


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_heading_that_the_page_names_is_read_in_a_roster(
    heading: str, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(f"Other,{heading}\nx,1815\n", encoding="utf-8")
    (student,) = read_roster(path).students
    assert "1815" in vars(student).values()


def test_the_page_names_a_heading_for_all_that_can_be_known() -> None:
    named = {squashed(heading) for heading in HEADINGS}
    kinds = {kind for kind, names in roster.HEADINGS.items() if named & set(names)}
    assert kinds == set(roster.HEADINGS) - {"role"} and "`Role`" in ROSTER


def test_the_slurm_script_is_one_and_asks_for_a_part_of_its_array() -> None:
    subprocess.run(["bash", "-n", str(SLURM)], check=True)
    # what Slurm would put in place of these
    filled = SLURM.read_text().replace("exec .venv/bin/python", "echo")
    environment = {
        "SLURM_CPUS_PER_TASK": "8",
        "SLURM_ARRAY_TASK_ID": "3",
        "SLURM_ARRAY_TASK_COUNT": "16",
    }
    said = subprocess.run(
        ["bash", "-c", filled, "slurm.sh", "class.zip", "/shared/class", "recurrence"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    options = parsed(said)
    assert (options.workers, options.set) == (8, "recurrence")
    assert str(shard_from(options.shard)) == "3-of-16"


def test_the_kubernetes_job_is_one_and_asks_for_each_part_once() -> None:
    job = yaml.safe_load(JOB.read_text())
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    spec = job["spec"]
    assert spec["completionMode"] == "Indexed"
    [container] = spec["template"]["spec"]["containers"]
    volumes = {volume["name"] for volume in spec["template"]["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    assert container["command"] == ["sh", "-c"]
    [script] = container["args"]
    parts = []
    for index in range(spec["completions"]):
        said = subprocess.run(
            ["sh", "-c", script.replace("exec .venv/bin/python", "echo")],
            env={"JOB_COMPLETION_INDEX": str(index)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        parts.append(shard_from(parsed(said).shard))
    assert [part.index for part in parts] == list(range(spec["completions"]))
    assert {part.count for part in parts} == {spec["completions"]}


# -------------------------------------------------------------------------------------- simulation


def test_the_table_is_what_the_simulation_gives() -> None:
    _, _, rest = TEXT.partition("<!-- table: autograder/classroom/engine/simulation.py -->\n")
    shown, _, _ = rest.partition("\n<!-- end of table -->")
    assert shown == table()


def test_a_simulated_class_takes_what_can_be_worked_out() -> None:
    alike = simulate(100, shards=5, workers=4, measured=(1.0, 1.0))
    # 20 in each shard, on 4 processes: 5 rounds, after the start
    each = alike.work / 20 / 5
    assert alike.wall == pytest.approx(5 * each)
    assert alike.idle == pytest.approx(0.0)
    lonely = simulate(1, shards=1, workers=2, measured=(1.0, 1.0))
    assert lonely.idle > 0


def test_twice_the_machines_take_at_least_half_as_long() -> None:
    one, two = (simulate(5000, shards, 4) for shards in (4, 8))
    assert one.wall / 2 <= two.wall < one.wall
