from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sim.routing.files
from sim.errors import ScenarioError
from sim.routing.config import RoutingConfig
from sim.routing.files import differences, findings, read_routing, schema_text, version

RULED: dict[str, Any] = {
    "max_parcels": 2,
    "strategies": {"ruled": {"choose": "rules", "steps": [{"rank": [{"by": "distance", "band": "50 km"}]}]}},
}


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "routing.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({**RULED, **changes}, file)
    return path


def test_a_file_of_its_own_is_read_with_its_units(tmp_path: Path) -> None:
    strategy = read_routing(written(tmp_path)).strategies["ruled"]
    assert strategy.model_dump()["steps"][0]["rank"][0]["band"] == 50.0


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"rank": [{"by": "distanse"}]}, "did you mean distance?"),
        ({"rank": [{"by": "attribute"}]}, "expected attribute to be given as well"),
        ({"rank": [{"by": "priority"}], "weigh": [{"by": "priority"}]}, "expected one of the two"),
        ({"oversell": True}, "expected allocate: whole_lines"),
        ({"filters": [{"keep": "max_distance", "limit": 50}]}, "expected a distance with its unit"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, step: dict[str, Any], told: str) -> None:
    path = written(tmp_path, strategies={"ruled": {"choose": "rules", "steps": [step]}})
    with pytest.raises(ScenarioError) as caught:
        read_routing(path)
    assert told in str(caught.value)
    assert "strategies.ruled" in str(caught.value)


def test_backorders_need_a_time_to_be_tried_again(tmp_path: Path) -> None:
    path = written(tmp_path, strategies={"ruled": {"choose": "rules", "steps": [{}], "backorder": True}})
    with pytest.raises(ScenarioError, match="says when to try again"):
        read_routing(path)


@pytest.mark.parametrize(
    ("changes", "live"),
    [
        ({}, True),
        ({"status": "draft"}, False),
        ({"status": "archived"}, False),
        ({"effective": {"first": "2026-11-01", "last": "2026-11-30"}}, True),
        ({"effective": {"first": "2026-11-25", "last": "2026-11-25"}}, True),
        ({"effective": {"first": "2026-11-26"}}, False),
        ({"effective": {"last": "2026-11-24"}}, False),
    ],
)
def test_only_an_active_strategy_in_effect_decides(changes: dict[str, Any], live: bool) -> None:
    strategy = {**RULED["strategies"]["ruled"], **changes}
    config = RoutingConfig.model_validate({**RULED, "strategies": {"ruled": strategy}})
    assert config.live(date(2026, 11, 25)) == (("ruled",) if live else ())


def test_equal_settings_have_the_same_version_however_they_are_written() -> None:
    other = {**RULED, "max_parcels": 2, "safety_stock": {}}
    assert version(RoutingConfig.model_validate(RULED)) == version(RoutingConfig.model_validate(other))


def test_a_changed_setting_changes_the_version_and_is_named() -> None:
    before, after = (RoutingConfig.model_validate({**RULED, "max_parcels": most}) for most in (2, 3))
    assert version(before) != version(after)
    assert differences(before, after) == [("max_parcels", 2, 3)]


def test_findings_name_the_strategy() -> None:
    steps = [{"rank": [{"by": "distance"}, {"by": "priority"}]}]
    config = RoutingConfig.model_validate({**RULED, "strategies": {"closest": {"choose": "rules", "steps": steps}}})
    assert [found.where for found in findings(config)] == ["strategies.closest.steps[0].rank[0]"]


def test_the_published_schema_is_that_of_the_code() -> None:
    """Write it anew with ``python -m sim.routing.files > sim/routing/routing.schema.json``."""
    path = Path(sim.routing.files.__file__).with_name("routing.schema.json")
    assert path.read_text(encoding="utf-8") == schema_text()


DECIDE = """
import numpy as np
from sim.routing.rules.columns import Columns
from sim.routing.rules.config import Rules
from sim.routing.rules.decide import decide
from sim.routing.rules.situation import Situation
luck = np.random.default_rng(7)
steps = [{"allocate": "fewest_sites", "max_sites": 2}, {"rank": [{"by": "inventory_balance"}]}]
rules = Rules.model_validate({"steps": steps})
for _ in range(40):
    stock = luck.integers(0, 4, size=(3, 6))
    known = [sorted({"priority": 1, "default": k == 2}.items(), reverse=bool(k % 2)) for k in range(6)]
    sites = Columns(tuple("abcdef"), [dict(items) for items in known])
    print(decide(rules, Situation(sites, (3, 2, 4), (0, 1, 2), list(stock))))
"""


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", DECIDE],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs.pop().count(b"Answer(") == 40
