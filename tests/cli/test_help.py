"""What `--help` shows: every verb in its place, with examples that the command line takes."""

from __future__ import annotations

import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from sim.cli import PANELS, app
from sim.cli.examples import EXAMPLES

VERBS = get_command(app).commands  # type: ignore[attr-defined]


def test_every_verb_has_a_place_and_an_example() -> None:
    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "100"}).output
    for panel in PANELS:
        assert f"─ {panel} ─" in told
    assert set(EXAMPLES) == {verb for verb in VERBS if verb not in ("benchmark", "results")}


@pytest.mark.parametrize("example", [each for examples in EXAMPLES.values() for each in examples])
def test_the_command_line_takes_every_example(example: str) -> None:
    verb, *arguments = shlex.split(example.split(" > ")[0])
    VERBS[verb].make_context(verb, arguments)
    assert example in CliRunner().invoke(app, [verb, "--help"], env={"COLUMNS": "120"}).output
