"""`fulfillsim check` from the outside."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command
from tests.tiny import SITE_KIND, write


def test_a_right_scenario_is_summed_up(fulfillsim: Command, tiny_scenario: Path) -> None:
    text = fulfillsim("check", tiny_scenario).stdout
    assert "4: 2 DCs, 2 stores" in text
    assert "3, all reached, over 12 lanes" in text
    assert "nearest, cheapest, fewest_parcels, dc_first, balanced, siloed" in text


def test_the_shipped_scenario_is_right_and_found_by_name(fulfillsim: Command) -> None:
    assert "156: 3 DCs, 150 stores, 3 3PLs" in fulfillsim("check", "us_electronics").stdout


def test_all_problems_of_all_scenarios_are_told_at_once(fulfillsim: Command, tmp_path: Path) -> None:
    first = write(tmp_path / "first", demand__day_cv=-1, clock__warm_up="one week")
    second = write(tmp_path / "second", storefront__published_every=30)
    done = fulfillsim("check", first, second, expect=2)
    assert "demand.day_cv" in done.stderr
    assert "clock.warm_up" in done.stderr
    assert "storefront.published_every: bare number 30 - expected a time span with its unit" in done.stderr
    assert done.stdout == ""


def test_a_place_that_nobody_delivers_to_is_a_problem(fulfillsim: Command, tmp_path: Path) -> None:
    kinds = {kind: {**SITE_KIND, "reach": "500 km"} for kind in ("dc", "store")}
    done = fulfillsim("check", write(tmp_path / "short", site_kinds=kinds), expect=2)
    assert "606: no site delivers there" in done.stderr
    assert "reaches 500 km" in done.stderr


def test_a_site_that_delivers_nowhere_is_a_problem(fulfillsim: Command, tmp_path: Path) -> None:
    kinds = {"dc": {**SITE_KIND, "reach": "100 km"}, "store": SITE_KIND}
    done = fulfillsim("check", write(tmp_path / "short", site_kinds=kinds), expect=2)
    assert "dc_east: delivers nowhere" in done.stderr


def test_a_strategy_that_leaves_places_out_is_remarked(fulfillsim: Command, tmp_path: Path) -> None:
    kinds = {"dc": {**SITE_KIND, "reach": "900 km"}, "store": SITE_KIND}
    text = fulfillsim("check", write(tmp_path / "far", site_kinds=kinds)).stdout
    assert "strategy siloed: no dc delivers to 1 place" in text


def test_the_network_is_drawn(fulfillsim: Command, tiny_scenario: Path, tmp_path: Path) -> None:
    target = tmp_path / "network.svg"
    fulfillsim("check", tiny_scenario, "--draw", target)
    text = target.read_text()
    assert text.lstrip().startswith("<?xml")
    assert "Reno" in text
