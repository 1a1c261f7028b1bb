"""Unseen happenings row by row (feeds by event) and in blocks (feeds by batch) leave the same shelves and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import ObedientRouter, give_up

if TYPE_CHECKING:
    from pathlib import Path

RECORDS: dict[str, Any] = {
    "shrink": {"of_demand": "10 %"},
    "theft": {"per_product_day": 0.2},
    "misplaced": {"per_unit_day": "2 %"},
    "damage": {"per_product_day": 0.2, "noticed": "50 %", "noticed_after": "1 day"},
    "miskeyed": {"per_product_day": 0.3},
    "errors": {"till": {"scanned": 0, "unscanned": "5 %"}, "receive": {"scanned": 0, "unscanned": "1 %"}},
    "put_away": "5 h",
    "counted_before": "30 days",
}
COUNTING = {
    "continuous": {"products_a_day": 1}, "per_product": "1 min", "per_hour": "18 USD", "finds": "50 %", "error": "5 %",
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shelf_that_is_looked_at_often_fares_as_one_that_is_looked_at_seldom(tmp_path: Path, seed: int) -> None:
    ends = []
    for k, feed in enumerate(({"kind": "event", "latency": "0 min"}, {"kind": "batch", "at": "02:00"})):
        scenario = tiny(
            tmp_path / str(k), site_kinds__store__records=RECORDS, site_kinds__store__counting=COUNTING,
            site_kinds__store__feed=feed, site_kinds__store__stock__days_of_cover=1, clock__measure="20 days",
            walk_ins__totals={"law": "normal", "cv": 0.5} if seed == 3 else None,
        )  # fmt: skip
        ledger = simulate(scenario, Tape(scenario, seed, 0), ObedientRouter(give_up))
        audit(ledger)
        stock = (ledger.closing_stock.tolist(), ledger.records["closing"].tolist())
        aside = {state: units.tolist() for state, units in ledger.closing_aside.items()}
        sales = ledger.walk_ins.columns()
        ends.append((stock, aside, sales["wanted"].sum(), sales["sold"].sum(), len(ledger.movements.columns()["at"])))
    assert ends[0] == ends[1]
    assert 0 < ends[0][3] < ends[0][2]  # sometimes a shelf was empty
