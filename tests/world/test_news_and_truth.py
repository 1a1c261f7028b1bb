"""What does not depend on news is the same however the news travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.messages import Order, Parcel, Plan
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import ObedientRouter

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

EVENT = {"kind": "event", "latency": "5 min"}
POLL = {"kind": "poll", "every": "15 min"}
BATCH = {"kind": "batch", "at": "03:00", "latency": "1 h"}


def deaf(order: Order) -> Plan:
    """Send by the order's number, whatever is known of stock; the next site when one has refused; then give up."""
    site = (order.id + len(order.refused_by)) % 4
    if site in order.refused_by or len(order.refused_by) > 2:
        return Plan((), unfilled=order.lines)
    return Plan((Parcel(site, order.lines, 0, 0.0, 0.0, (0.0,) * 5),))


def run(folder: Path, dc: dict[str, Any], store: dict[str, Any]) -> Ledger:
    scenario = tiny(
        folder, site_kinds__dc__feed=dc, site_kinds__store__feed=store, site_kinds__dc__stock__days_of_cover=2,
        site_kinds__store__stock__days_of_cover=1, walk_ins__day_cv=0.3,
    )  # fmt: skip
    ledger = simulate(scenario, Tape(scenario, 1, 0), ObedientRouter(deaf))
    audit(ledger)
    return ledger


@pytest.mark.parametrize(("dc", "store"), [(POLL, EVENT), (EVENT, POLL), (EVENT, EVENT), (BATCH, BATCH)])
def test_a_world_whose_router_does_not_listen_is_the_same_with_any_feed(
    tmp_path: Path, dc: dict[str, Any], store: dict[str, Any]
) -> None:
    polled, other = run(tmp_path / "polled", POLL, POLL), run(tmp_path / "other", dc, store)
    for name in ("shoppers", "order_lines", "parcels", "picks", "cancellations", "receipts"):
        one, two = getattr(polled, name).columns(), getattr(other, name).columns()
        assert all(np.array_equal(one[column], two[column]) for column in one), name
    assert np.array_equal(polled.closing_stock, other.closing_stock)
    assert polled.picks.columns()["picked"].sum() < polled.picks.columns()["asked"].sum()  # shelves did run out


@pytest.mark.parametrize(("dc", "store"), [(POLL, EVENT), (BATCH, BATCH)])
def test_walk_in_customers_get_the_same_with_any_feed(
    tmp_path: Path, dc: dict[str, Any], store: dict[str, Any]
) -> None:
    totals = []
    for folder, feeds in ((tmp_path / "polled", (POLL, POLL)), (tmp_path / "other", (dc, store))):
        rows = run(folder, *feeds).walk_ins.columns()
        totals.append([np.bincount(rows["cell"], rows[name], 16).tolist() for name in ("wanted", "sold")])
    assert totals[0] == totals[1]
    assert sum(totals[0][1]) < sum(totals[0][0])
