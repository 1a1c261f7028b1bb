"""A scenario file that is no YAML, or YAML that does more than hold values: every trap is told or harmless."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from tests.scenario.told import changed, told
from tests.tiny import write

DEEP = "[" * 40 + "]" * 40
# Each line holds ten of the one before: a billion values in a few hundred bytes
LAUGHS = "\n".join(
    ["title: Tiny", "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    + [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 10)]
)

SECOND_COLON = "a second colon or a wrong indentation - put a text with a colon in quotes"
# what stands in the file, what is written instead, how many lines later the parser stumbles, what is told
NO_YAML = [
    ("  start:", "\tstart:", 0, "not valid YAML: a tab - indent with spaces"),
    ("title: Tiny", "title: Tiny: small", 0, f"not valid YAML: {SECOND_COLON}"),
    ("title: Tiny", "title: Tiny\n  start: 1", 0, f"not valid YAML: {SECOND_COLON}"),
    ("title: Tiny", "title: *Tiny", 0, "not valid YAML: found undefined alias 'Tiny'"),
    ("title: Tiny", "title: {Tiny", 1, "not valid YAML: expected ',' or '}', but got ':'"),
    ("title: Tiny", "title: @Tiny", 0, "not valid YAML: found character '@' that cannot start any token"),
    ("title: Tiny", "title: Tiny\n---\ntitle: Tiny", 0, "not valid YAML: a second document - expected one"),
    ("title: Tiny", "title: Tiny\x01", 0, "not valid YAML: the character 0x1 is not allowed"),
    ("title: Tiny", f"title: {DEEP}", 0, "not valid YAML: nested more than 30 deep"),
    ("title: Tiny", "%YAML 1.1\n---\ntitle: Tiny", 0, "not valid YAML: the line %YAML makes it version 1.1, in which "
     "no is false and 16:30 a number - expected 1.2"),
    ("  at: 12:00", "  at: '12:00", 0, "not valid YAML: a quotation mark that is never closed"),
    ("  at: 12:00", "  at: [12:00", 1, "not valid YAML: expected ',' or ']', but got ':'"),
    ("  at: 12:00", "  at: 12:00\n oh", 0, "not valid YAML: wrong indentation, or a bracket too many"),
    ("routing:", "storefront\nrouting:", 0, "not valid YAML: a key without its colon"),
]  # fmt: skip
# These are told, and the rest of the file is read all the same
ODD_YAML = [
    ("title: Tiny", "title: !!python/object:os.system Tiny",
     "title: the tag '!!python/object:os.system' - expected a plain value without a tag"),
    ("title: Tiny", "title: !env {a: 1}", "title: the tag '!env' - expected a plain value without a tag"),
    ("title: Tiny", 'title: "Ti\\0ny"', "title: 'Ti\\x00ny' - expected text without control characters"),
    ("title: Tiny", 'title: "Ti\\ud800ny"', "title: 'Ti\\ud800ny' - expected text without control characters"),
    ("title: Tiny", "title: Tiny\n? [a, b]\n: 1", "a list or a mapping as a key - expected text"),
    ("clock:", "<<: 5\nclock:", "<< with something else than a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "later", "message"), NO_YAML)
def test_what_is_no_yaml_is_told_at_its_line(tmp_path: Path, old: str, new: str, later: int, message: str) -> None:
    line = changed(tmp_path, "scenario.yaml", old, new) + later
    assert told(tmp_path) == [f"scenario.yaml:{line}: {message}"]


@pytest.mark.parametrize(("old", "new", "message"), ODD_YAML)
def test_what_is_odd_in_yaml_is_told_once(tmp_path: Path, old: str, new: str, message: str) -> None:
    line = changed(tmp_path, "scenario.yaml", old, new)
    assert told(tmp_path) == [f"scenario.yaml:{line}: {message}"]


def test_what_is_odd_does_not_hide_what_is_wrong_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, {"rates.csv": []}, title="!!x", demand__day_cv=-1)
    path = tmp_path / "scenario.yaml"
    path.write_text(path.read_text().replace("'!!x'", "!!x Tiny"))
    assert [line.split(": ")[1] for line in told(tmp_path)][:2] == ["title", "demand.day_cv"]
    assert told(tmp_path)[2:] == ["rates.csv: the file is empty - expected a header row"]


def test_a_doubled_key_is_told_with_the_line_of_the_first(tmp_path: Path) -> None:
    line = changed(tmp_path, "scenario.yaml", "  day_cv: 0", "  day_cv: 0\n  day_cv: 1")
    assert told(tmp_path) == [f"scenario.yaml:{line}: demand.day_cv: the key stands already in line {line - 1}"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_told(tmp_path: Path, text: str) -> None:
    write(tmp_path).write_text(text)
    assert told(tmp_path) == ["scenario.yaml: the file is empty - expected a mapping of keys"]


@pytest.mark.parametrize(
    ("text", "found"), [("- title: Tiny\n", "a list of 1"), ("title\n", "'title'"), ("5\n", "5"), ("~\n", "nothing")]
)
def test_a_file_that_is_no_mapping_is_told(tmp_path: Path, text: str, found: str) -> None:
    write(tmp_path).write_text(text)
    assert told(tmp_path) == [f"scenario.yaml:1: {found} - expected a mapping of keys at the top level"]


def test_aliases_that_multiply_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    write(tmp_path).write_text(LAUGHS)
    assert told(tmp_path) == ["scenario.yaml: more than 50,000 values, aliases included"]


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a\n  <<: *a\n"])
def test_an_alias_of_itself_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path).write_text(text)
    assert told(tmp_path) == ["scenario.yaml: nested more than 30 deep, aliases included"]


def test_a_huge_file_is_not_even_parsed(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() + "# " + "x" * 250_000)
    assert told(tmp_path) == [f"scenario.yaml: {path.stat().st_size:,} bytes - expected at most 250,000"]


def test_a_flood_of_wrong_keys_is_told_in_part(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() + "".join(f"x{k}: 1\n" for k in range(1000)))
    assert told(tmp_path)[0] == "scenario.yaml: 800 more problems than are told here"
    assert len(told(tmp_path)) == 201


def test_a_file_that_is_not_utf_8_is_told_at_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, title="Zürich")
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert told(tmp_path) == ["scenario.yaml:1: not UTF-8 text: byte 0xfc - expected a file saved as UTF-8"]


def test_utf_16_is_told(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(path.read_text().encode("utf-16"))
    assert told(tmp_path) == ["scenario.yaml:1: not UTF-8 text: byte 0xff - expected a file saved as UTF-8"]


def test_a_folder_without_a_scenario_is_told(tmp_path: Path) -> None:
    assert told(tmp_path)[0].endswith(": the folder has no scenario.yaml")


def test_a_folder_called_scenario_yaml_is_told(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").mkdir()
    assert told(tmp_path) == ["scenario.yaml: is a folder"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "scenario.yaml")
    assert told(tmp_path) == ["scenario.yaml: is no plain file"]


@pytest.mark.parametrize("name", ["us_electronic", "x" * 5000, "a\0b"])
def test_an_unknown_scenario_is_told_with_the_names_that_are_shipped(name: str) -> None:
    with pytest.raises(ScenarioError, match="no such scenario - expected a folder, a file or the name of a shipped"):
        load(name)


def test_a_misspelt_shipped_scenario_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"^'us_electronic': .* \(did you mean us_electronics\?\)$"):
        load("us_electronic")
