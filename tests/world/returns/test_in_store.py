"""Returns brought to a store: Boston's is round the corner, delivered on day 2 at 14:30."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.ledger.returned import State, Way
from tests.tiny import TABLES
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, IN_CHICAGO, IN_SAN_FRANCISCO, OAKLAND, at, shopper
from tests.world.returning import IN_STORE, block, came_back, lived, returning

if TYPE_CHECKING:
    from pathlib import Path

BROUGHT = at(4, 14, 30)


def test_the_till_refunds_at_once_and_the_unit_is_soon_on_that_stores_shelf(tmp_path: Path) -> None:
    ledger = lived(returning(tmp_path, block(in_store=IN_STORE | {"till_cost": "1.20 USD"})))
    (row,) = came_back(ledger)
    assert (row.way, row.site, row.shelf, row.state) == (Way.IN_STORE, BOSTON, BOSTON, State.ON_SALE)
    assert row.handed_at == row.received_at == row.inspected_at == row.refunded_at == BROUGHT
    assert row.settled_at == BROUGHT + 90
    assert (row.refund_cents, row.label_cents, row.handling_cents) == (1200, 0, 120)
    assert ledger.closing_stock[CABLE].tolist() == [8, 0, 1, 0]


def test_he_comes_when_the_store_is_open(tmp_path: Path) -> None:
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "10:00-14:00")
    scenario = returning(tmp_path, block(in_store=IN_STORE), site_kinds__store__hours=hours)
    (row,) = came_back(lived(scenario))
    assert row.handed_at == at(5, 10)  # Friday half past two is too late


@pytest.mark.parametrize(
    ("place", "limits", "store"),
    [
        (IN_SAN_FRANCISCO, {}, OAKLAND),
        (IN_SAN_FRANCISCO, {"within": "10 mi"}, OAKLAND),
        (IN_SAN_FRANCISCO, {"within": "1 mi"}, -1),
        (IN_CHICAGO, {}, BOSTON),
        (IN_CHICAGO, {"within": "500 km"}, -1),
        (IN_CHICAGO, {"halves_every": "20 km"}, -1),  # of 2^68 such returns one is brought
    ],
)
def test_it_is_brought_to_the_nearest_store_or_sent_if_that_is_far(
    tmp_path: Path, place: int, limits: dict[str, Any], store: int
) -> None:
    scenario = returning(tmp_path, block(in_store=IN_STORE | limits))
    (row,) = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 1}, place)]))
    assert (row.site if row.way == Way.IN_STORE else -1) == store


def test_only_stores_that_take_returns_are_gone_to(tmp_path: Path) -> None:
    header, *sites = TABLES["sites.csv"]
    tables = {"sites.csv": [[*header, "takes_returns"], *([*row, row[0] != "store_boston"] for row in sites)]}
    attributes: dict[str, Any] = {"network__site_attributes": ["takes_returns"]}
    scenario = returning(tmp_path, block(in_store=IN_STORE), tables=tables, **attributes)
    (row,) = came_back(lived(scenario))
    assert (row.way, row.site) == (Way.IN_STORE, OAKLAND)


@pytest.mark.parametrize(
    ("grade", "kept", "rest", "expected"),
    [
        ({"then": "restock", "cost": "0.20 USD"}, True, "to_dc", (State.ON_SALE, BOSTON, 90, 20, 0)),
        ({"then": "restock", "cost": "0.20 USD"}, False, "to_dc", (State.ON_SALE, DC_EAST, 2880, 220, 0)),
        ({"then": "restock"}, False, "liquidate", (State.LIQUIDATED, -1, 0, 200, 350)),
        ({"then": "refurbish", "takes": "1 day", "cost": "5 USD"}, True, "to_dc",
         (State.ON_SALE, DC_EAST, 2880 + 1440, 700, 0)),
        ({"then": "refurbish", "takes": "1 day"}, True, "liquidate", (State.LIQUIDATED, -1, 0, 200, 350)),
        ({"then": "liquidate", "recovers": "20 %"}, True, "to_dc", (State.LIQUIDATED, -1, 0, 0, 560)),
        ({"then": "destroy", "cost": "1 USD"}, False, "to_dc", (State.DESTROYED, -1, 0, 100, 700)),
    ],
)  # fmt: skip
def test_a_store_keeps_what_it_sells_and_can_sell_at_once(
    tmp_path: Path, grade: dict[str, Any], kept: bool, rest: str, expected: tuple[int, int, float, int, int]
) -> None:
    not_kept = {"then": rest, "cost": "2 USD"}
    not_kept |= {"takes": "2 days"} if rest == "to_dc" else {"recovers": "50 %"}
    returns = block(grades={"A": {"share": 1, **grade}}, in_store=IN_STORE | {"not_kept": not_kept})
    carried = {} if kept else {"site_kinds__store__stock__carried_from": 1000}
    (row,) = came_back(lived(returning(tmp_path, returns, **carried)))
    assert (row.state, row.shelf, row.settled_at - BROUGHT, row.work_cents, row.loss_cents) == expected


@pytest.mark.parametrize(("share", "bought"), [(1, (3000, 900)), (0, (0, 0))])
def test_who_brings_something_may_buy_something_else(tmp_path: Path, share: int, bought: tuple[int, int]) -> None:
    purchase = {"share": share, "value": "30 USD", "margin": "30 %"}
    scenario = returning(tmp_path, block(in_store=IN_STORE | {"till_purchase": purchase}))
    rows = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 2})]))
    # once, however much he brings
    assert (sum(row.till_cents for row in rows), sum(row.till_margin_cents for row in rows)) == bought
