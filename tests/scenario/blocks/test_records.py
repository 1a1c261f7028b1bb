"""What a scenario may say of its records and counts, and what it is told when that makes no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.blocks.records import RecordsBlock
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

COUNTING = {"per_product": "1 min", "per_hour": "18 USD"}


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ({"shrink": {}}, "never happens - expected one of per_product_day, of_demand, per_unit_day above 0"),
        ({"miskeyed": {"per_unit_day": "1 %"}}, "per_unit_day"),
        ({"scanning": {"till": True}}, "scanning.till makes no difference - expected errors.till beside it"),
        ({"errors": {"ship": {"scanned": 0, "unscanned": 1}}}, "errors.ship makes no difference - expected"),
        ({"theft": {"per_product_day": -1}}, "expected at least 0"),
        ({"shrinkage": {"of_demand": "1 %"}}, "did you mean shrink"),
        ({"on_short_pick": "count"}, "set_to_zero"),
    ],
)  # fmt: skip
def test_records_that_make_no_sense_are_refused(tmp_path: Path, records: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        tiny(tmp_path, site_kinds__store__records=records)


@pytest.mark.parametrize(
    ("counting", "message"),
    [
        ({}, "nothing is ever counted - expected at least one of full, classes, continuous"),
        ({"classes": [{"value": "80 %", "every": "9 days"}]}, "add up to 80 % - expected 100 %"),
        ({"continuous": {"products_a_day": 0}}, "expected at least 1"),
    ],
)
def test_counts_that_make_no_sense_are_refused(tmp_path: Path, counting: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        tiny(tmp_path, site_kinds__store__records={}, site_kinds__store__counting=COUNTING | counting)


def test_where_the_record_is_the_shelf_there_is_nothing_to_count(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="expected records beside it"):
        tiny(tmp_path, site_kinds__store__counting=COUNTING | {"full": {"every": "9 days"}})


def test_one_store_may_lose_more_than_the_others(tmp_path: Path) -> None:
    exceptions = [{"where": {"sites": ["store_oakland"]}, "set": {"records.shrink.of_demand": "9 %"}}]
    scenario = tiny(tmp_path, site_kinds__store__records={"shrink": {"of_demand": "1 %"}}, exceptions=exceptions)
    rates = [
        block.records and block.records.shrink and block.records.shrink.of_demand for block in scenario.site_blocks
    ]
    assert rates == [None, None, 0.01, 0.09]


@pytest.mark.parametrize(
    ("scanning", "step", "rate"),
    [({}, "pick", 0.02), ({"pick": True}, "pick", 0.001), ({}, "ship", 1.0), ({}, "receive", 0.0)],
)
def test_the_rate_of_errors_depends_on_whether_a_barcode_is_scanned(
    scanning: dict[str, bool], step: Any, rate: float
) -> None:
    block = RecordsBlock.model_validate(
        {"errors": {"pick": {"scanned": 0.001, "unscanned": 0.02}}, "scanning": scanning}
    )
    assert block.error_rate(step) == rate


def test_more_mishaps_than_a_run_can_hold_are_refused(tmp_path: Path) -> None:
    products = [TABLES["products.csv"][0], *([f"P{k}", "T", "c", 1, 9, 9, 9, 9, 5, 1] for k in range(100))]
    with pytest.raises(ScenarioError, match="200,000 a day on all 200 shelves - expected at most 100,000"):
        tiny(tmp_path, {"products.csv": products}, site_kinds__store__records={"theft": {"per_product_day": 1000}})
