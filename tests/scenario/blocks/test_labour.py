"""What is wrong with a block `labour:` is said by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

SHIFT = {"hours": "08:00-16:00", "people": 1}
NIGHT = {"hours": "22:00-06:00", "people": 1}
LABOUR: dict[str, Any] = {"per_hour": "20 USD", "shifts": {"day": SHIFT}}
TEMPS = {"shift": "day", "since": "2026-02-03", "until": "2026-02-04", "people": 1}


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"shifts": {"day": {**SHIFT, "hours": "closed"}}}, "'closed' - expected hours such as '06:00-14:00'"),
        ({"shifts": {"day": {**SHIFT, "breaks": ["07:00-09:00"]}}}, "breaks - expected them within the hours"),
        ({"shifts": {"day": {**SHIFT, "breaks": ["15:30-16:30"]}}}, "breaks - expected them within the hours"),
        ({"shifts": {"day": {**SHIFT, "hours": "08:00-08:00"}}}, "'08:00-08:00' - expected hours such as"),
        ({"shifts": {"day": {**NIGHT, "breaks": ["12:00-12:30"]}}}, "breaks - expected them within the hours"),
        ({"shifts": {"day": {**NIGHT, "breaks": ["05:45-06:15"]}}}, "breaks - expected them within the hours"),
        ({"shifts": {"day": {**NIGHT, "breaks": ["02:00-02:30", "23:00-23:30"]}}}, "breaks - expected them within the"),
        ({"temps": [{**TEMPS, "shift": "dya"}]}, r"temps\[0\].shift: unknown 'dya'.*day"),
        ({"first": ["web"]}, r"labour.first\[0\]: unknown channel 'web'"),
        ({"rework": "95 %"}, "labour.rework: '95 %' - expected at most 90 %"),
        ({"temps": [{**TEMPS, "until": "2026-02-01"}]}, "until lies before since - expected their last day"),
    ],
)
def test_a_wrong_block_is_told_with_what_was_expected(tmp_path: Path, block: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        tiny(tmp_path, site_kinds__dc__pickers=..., site_kinds__dc__labour={**LABOUR, **block})


def test_people_are_told_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="pickers and labour - expected one of the two"):
        tiny(tmp_path, site_kinds__dc__labour=LABOUR)


def test_nobody_stays_away_where_nobody_has_a_shift(tmp_path: Path) -> None:
    short = {"kind": "labour_short", "on": "2026-02-03", "lasts": "1 day", "share": "20 %"}
    with pytest.raises(ScenarioError, match="nobody has shifts at these sites - expected a block `labour`"):
        tiny(tmp_path, disruptions=[short])


@pytest.mark.parametrize(
    ("block", "missing", "told"),
    [
        ({"receiving": {"units_per_hour": 60}}, "replenishment", "receiving: nothing ever comes in"),
        ({"walk_ins": {"takes": "2 min"}}, "walk_ins", "walk_ins: nobody ever walks in"),
    ],
)
def test_work_that_nobody_will_have_is_told(tmp_path: Path, block: dict[str, Any], missing: str, told: str) -> None:
    change: dict[str, Any] = {missing: "none" if missing == "replenishment" else ...}
    with pytest.raises(ScenarioError, match=told):
        tiny(tmp_path, site_kinds__dc__pickers=..., site_kinds__dc__labour={**LABOUR, **block}, **change)
