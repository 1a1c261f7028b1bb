"""Supply, followed by hand: cases, fill, a DC that supplies stores, levels of one's own, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.tiny import SITE_KIND, tiny
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, OAKLAND, HandMadeTape, ObedientRouter, give_up

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

STOCK = SITE_KIND["stock"]
# a level only for cables in Boston: everything else is told to have none
ONLY_BOSTON: list[list[object]] = [
    ["sku", "site", "reorder_point", "order_up_to"],
    *([sku, site, 4, 10] if (sku, site) == ("A", "store_boston") else [sku, site, 0, 0]
      for sku in "ABCD" for site in ("dc_east", "dc_west", "store_boston", "store_oakland")),
]  # fmt: skip


def boston(folder: Path, on_hand: dict[str, int], store: dict[str, Any], **changes: Any) -> Scenario:
    """Return a scenario in which only the store in Boston keeps cables; `on_hand` tells cables by site."""
    rows: list[list[object]] = [["sku", "site", "on_hand"], *(["A", site, units] for site, units in on_hand.items())]
    own: dict[str, Any] = {
        "opening_stock": "stock.csv",
        "stock_levels": "levels.csv",
        "clock__warm_up": "0 days",
        "clock__measure": "6 days",
        "site_kinds__store__stock": {**STOCK, "supply_lead": "1 day", **store},
    }
    return tiny(folder, {"stock.csv": rows, "levels.csv": ONLY_BOSTON}, **own | changes)


def followed(scenario: Scenario) -> Ledger:
    ledger = simulate(scenario, HandMadeTape(scenario), ObedientRouter(give_up))
    audit(ledger)
    return ledger


def receipts(ledger: Ledger) -> list[tuple[float, int, int, int]]:
    columns = ledger.receipts.columns()
    return list(zip(*(columns[name].tolist() for name in ("at", "sku", "site", "quantity")), strict=True))


def test_levels_of_ones_own_go_before_the_rule(tmp_path: Path) -> None:
    plan = boston(tmp_path, {"store_boston": 3}, {}).stock_plan
    assert plan.order_up_to[CABLE].tolist() == [0, 0, 10, 0]
    assert plan.reorder_point[CABLE].tolist() == [0, 0, 4, 0]


def test_goods_come_a_lead_time_after_the_review(tmp_path: Path) -> None:
    assert receipts(followed(boston(tmp_path, {"store_boston": 3}, {}))) == [(240.0 + 1440, CABLE, BOSTON, 7)]


def test_goods_come_in_whole_cases(tmp_path: Path) -> None:
    ledger = followed(boston(tmp_path, {"store_boston": 3}, {"multiple": 4, "minimum_order": 5}))
    assert receipts(ledger) == [(1680.0, CABLE, BOSTON, 8)]


def test_what_a_supplier_cannot_send_takes_a_second_lead_time(tmp_path: Path) -> None:
    ledger = followed(boston(tmp_path, {"store_boston": 3}, {"supplier_fill": "0 %"}))
    assert receipts(ledger) == [(240.0 + 2 * 1440, CABLE, BOSTON, 7)]


def test_a_supplier_fails_as_often_as_stated(tmp_path: Path) -> None:
    supply = HandMadeTape(
        boston(tmp_path, {"store_boston": 3}, {"supplier_fill": "70 %", "supplied_by": "vendors"})
    ).supply
    failed = np.concatenate([supply.unfilled(BOSTON, day) for day in range(1000)])
    assert abs(failed.mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / failed.size)
    assert (supply.unfilled(BOSTON, 3) == supply.unfilled(OAKLAND, 3)).all()  # the vendor's luck, not the store's
    assert not supply.unfilled(DC_EAST, 3).any()  # whose suppliers never fail


@pytest.mark.parametrize(("there", "sent"), [(50, 7), (5, 5), (0, 0)])
def test_a_store_may_be_filled_up_from_the_nearest_dc_as_far_as_its_stock_goes(
    tmp_path: Path, there: int, sent: int
) -> None:
    ledger = followed(boston(tmp_path, {"store_boston": 3, "dc_east": there}, {"supplied_by": "dc"}))
    assert receipts(ledger) == ([(1680.0, CABLE, BOSTON, sent)] if sent else [])
    assert ledger.closing_stock[CABLE, DC_EAST] == there - sent
    moved = ledger.transfers.columns()
    assert moved["quantity"].tolist() == ([sent] if sent else [])
    assert moved["source"].tolist() == ([DC_EAST] if sent else [])


def test_orders_and_stock_cost_what_is_stated(tmp_path: Path) -> None:
    costs = {"cost_per_order": "25 USD", "cost_per_unit": "0.40 USD"}
    scenario = boston(tmp_path, {"store_boston": 3}, costs, carrying={"holding": "20 %", "obsolescence": "16.5 %"})
    ledger = followed(scenario)
    orders, snapshots = ledger.supply_orders.columns(), ledger.snapshots.columns()
    assert orders["cents"].tolist() == [2500 + 7 * 40]
    assert orders["value_cents"].tolist() == [7 * 700]
    # 36.5 % a year is a thousandth a day: of 3 cables at 7 USD, of 10 from the second day on
    assert snapshots["carrying_cents"].tolist()[:3] == [2, 7, 7]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["A", "store_boston", 5, 4], "expected no less than the reorder point 5"),
        (["Z", "store_boston", 1, 4], "unknown 'Z'"),
        (["A", "dc_eas", 1, 4], "did you mean dc_east?"),
        (["A", "dc_east", -1, 4], "reorder_point: '-1'"),
    ],
)
def test_a_wrong_level_is_told_at_its_line(tmp_path: Path, row: list[object], told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        tiny(tmp_path, {"levels.csv": [ONLY_BOSTON[0], row]}, stock_levels="levels.csv")
    assert "levels.csv:2: " in str(error.value)
    assert told in str(error.value)
