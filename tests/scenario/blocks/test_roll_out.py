"""What sites do on some days only: the days, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.blocks.roll_out import merged, not_in
from sim.scenario.load import load
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

NEVER = float("inf")


def test_days_become_minutes_and_whoever_is_not_named_never_does_it(tmp_path: Path) -> None:
    stores = {"kinds": ["store"]}
    on = [
        {"where": {"sites": ["store_boston"]}, "first": "2026-02-03", "last": "2026-02-03"},
        {"where": {"sites": ["store_boston"]}, "first": "2026-02-04"},
    ]
    scenario = load(write(tmp_path, roll_out={"sends": {"of": stores, "on": on}}))
    block = scenario.file.roll_out
    assert block is not None
    assert block.sends is not None
    names = [site.id for site in scenario.network.sites]
    spans = block.sends.spans(scenario.network.sites, scenario.file.clock.start)
    other = next(j for j, site in enumerate(scenario.network.sites) if site.kind == "store" and "boston" not in site.id)
    assert spans == {names.index("store_boston"): [(1440.0, NEVER)], other: []}


def test_the_rest_of_all_time_lies_between_the_spans() -> None:
    assert not_in([]) == [(0, NEVER)]
    assert not_in([(0, NEVER)]) == []
    assert not_in([(10, 20), (30, NEVER)]) == [(0, 10), (20, 30)]
    assert merged([(5, 9), (0, 3), (3, 4)]) == [(0, 4), (5, 9)]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"sends": {"of": {"sites": ["store_bostn"]}}}, r"roll_out.sends.of.sites\[0\]: no site has it: 'store_bostn'.*"
         "did you mean store_boston"),
        ({"sends": {"on": [{"where": {"states": ["XX"]}}]}}, r"roll_out.sends.on\[0\].where.states\[0\]: no site has"),
        ({"sends": {"on": [{"first": "2026-03-02", "last": "2026-03-01"}]}}, "last 2026-03-01 - expected no earlier"),
        ({"collects": {}}, "roll_out.collects: nobody ever collects - expected a block `pick_up`"),
        ({"sents": {}}, "roll_out.sents: unknown key 'sents'.*did you mean sends"),
    ],
)  # fmt: skip
def test_a_wrong_block_is_told_with_what_was_expected(tmp_path: Path, block: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load(write(tmp_path, roll_out=block))
