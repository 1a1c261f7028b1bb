"""Routing files side by side, and what can never act in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.files import write_yaml
from sim.network.file import write_network
from tests.routing.ruled import network


def written(path: Path, strategy: dict[str, Any], **more: Any) -> Path:
    write_yaml(path, {"max_parcels": 3, "strategies": {"it": strategy}, **more})
    return path


def called(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.output


STEERED = {"choose": "cheapest", "objective": {"split": "1 USD"}}
NEVER_TIES = {"choose": "rules", "steps": [{"rank": [{"by": "distance"}, {"by": "id"}]}]}
CAPACITY = {"choose": "rules", "steps": [{"filters": [{"keep": "capacity", "counts": "orders", "limit": "most"}]}]}


def test_each_setting_that_differs_is_told_with_both_values(tmp_path: Path) -> None:
    before = written(tmp_path / "a.yaml", {"choose": "cheapest"})
    after = written(tmp_path / "b.yaml", STEERED, max_parcels=2)
    code, said = called("diff-routing", before, after)
    assert code == 1
    assert "max_parcels: 3 -> 2\n" in said
    assert "strategies.it.objective.split: absent -> 100.0\n" in said


def test_so_it_is_as_json(tmp_path: Path) -> None:
    before = written(tmp_path / "a.yaml", {"choose": "cheapest"})
    after = written(tmp_path / "b.yaml", {"choose": "cheapest"}, max_parcels=2)
    code, said = called("diff-routing", before, after, "--json")
    assert (code, json.loads(said)) == (1, [{"path": "max_parcels", "before": 3, "after": 2}])


def test_files_that_say_the_same_do_not_differ_wherever_the_block_stands(tmp_path: Path) -> None:
    plain = written(tmp_path / "a.yaml", STEERED)
    write_yaml(tmp_path / "b.yaml", {"routing": {"max_parcels": 3, "strategies": {"it": STEERED}}})
    assert called("diff-routing", plain, tmp_path / "b.yaml") == (0, "no difference\n")


def test_rules_that_never_act_are_found(tmp_path: Path) -> None:
    code, said = called("lint", written(tmp_path / "a.yaml", NEVER_TIES))
    assert code == 1
    assert said.startswith("strategies.it.steps[0].rank[0]: never_ties: distance never ties, so id never acts")
    assert said.endswith("a.yaml: 1 finding\n")


@pytest.mark.parametrize(("with_network", "faults"), [(False, []), (True, ["nobody_has_it"])])
def test_with_a_network_attributes_are_looked_up(tmp_path: Path, with_network: bool, faults: list[str]) -> None:
    write_network(network(), tmp_path / "network.json")
    options = ["--network", tmp_path / "network.json"] if with_network else []
    code, said = called("lint", written(tmp_path / "a.yaml", CAPACITY), "--json", *options)
    assert code == len(faults)
    assert [found["fault"] for found in json.loads(said)] == faults


RENT = {"choose": "cheapest", "objective": {"site_charges": {"rent": "rent_usd"}, "priority": {"per_step": "1 USD"}}}


def test_the_file_of_a_service_is_held_against_its_own_network(tmp_path: Path) -> None:
    write_network(network(), tmp_path / "network.json")
    write_yaml(
        tmp_path / "a.yaml", {"network": "network.json", "routing": {"max_parcels": 3, "strategies": {"it": RENT}}}
    )
    found = json.loads(called("lint", tmp_path / "a.yaml", "--json")[1])
    assert [(each["where"], each["fault"]) for each in found] == [
        ("strategies.it.objective.site_charges.rent", "nobody_has_it"),
        ("strategies.it.objective.priority", "nobody_has_it"),
    ]
