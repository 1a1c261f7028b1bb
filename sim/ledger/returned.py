"""Units that come back: their states, and the laws that their rows keep."""

from __future__ import annotations

import itertools
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger


class Way(IntEnum):
    """How a unit comes back."""

    BY_MAIL = 0
    IN_STORE = 1


class State(IntEnum):
    """Where a unit that comes back is: what is not settled when the run ends stays on its way."""

    WITH_SHOPPER = 0
    """He will send or bring it."""
    UNDER_WAY = 1
    WAITING = 2
    """Received, and not inspected yet."""
    IN_WORK = 3
    """Graded; it is refurbished, sent on, or put away."""
    ON_SALE = 4
    LIQUIDATED = 5
    DESTROYED = 6


SETTLED = (State.ON_SALE, State.LIQUIDATED, State.DESTROYED)
STAGES = ("delivered_at", "handed_at", "received_at", "inspected_at", "settled_at")
RETURN_CENTS = ("label_cents", "handling_cents", "work_cents", "loss_cents")
"""What a return costs: the label, receipt and inspection, what is done with it, and the value that is lost."""
# the last stage that a unit in each state has behind it
_REACHED = {
    State.WITH_SHOPPER: 0, State.UNDER_WAY: 1, State.WAITING: 2, State.IN_WORK: 3, State.ON_SALE: 4,
    State.LIQUIDATED: 4, State.DESTROYED: 4,
}  # fmt: skip


def returned_problems(ledger: Ledger) -> list[str]:
    """Tell what is wrong: delivered = kept + coming back, each unit in one state, each stage after the one before."""
    back = ledger.returns.columns()
    if not len(back["order"]):
        return []
    problems = _more_than_delivered(ledger, back)
    if not np.isin(back["state"], list(State)).all():
        return [*problems, "a unit that comes back has no state"]
    reached = np.array([_REACHED[state] for state in State])[back["state"]]
    for k, stage in enumerate(STAGES):
        if wrong := np.count_nonzero(np.isfinite(back[stage]) != (reached >= k)):
            problems.append(f"{wrong} units that come back have {stage} at odds with their state")
    for before, after in itertools.pairwise(STAGES):
        if back_in_time := np.count_nonzero(back[after] < back[before] - 1e-6):
            problems.append(f"{after} lies before {before} in {back_in_time} units that come back")
    if (back["refunded_at"] < back["handed_at"] - 1e-6).any():
        problems.append("a refund was made before the unit was handed in")
    if (np.isfinite(back["refunded_at"]) < (back["refund_cents"] > 0)).any():
        problems.append("a refund was booked and never made")
    on_sale = back["state"] == State.ON_SALE
    if (on_sale != (back["shelf"] >= 0)).any():
        problems.append("a unit is on a shelf and not on sale, or the other way round")
    if any((back[name] < 0).any() for name in (*RETURN_CENTS, "refund_cents")):
        problems.append("a return costs less than nothing")
    return problems


def back_on_shelf(ledger: Ledger) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the cells on whose shelves returned units have been put, and how many, a row each."""
    back = ledger.returns.columns()
    rows = back["state"] == State.ON_SALE
    sites = ledger.opening_stock.shape[1]
    cells: NDArray[np.int64] = back["sku"][rows].astype(np.int64) * sites + back["shelf"][rows]
    return cells, np.ones(len(cells), dtype=np.int32)


def _more_than_delivered(ledger: Ledger, back: dict[str, NDArray[Any]]) -> list[str]:
    """No parcel gives back more of a product than was picked for it, and no unit is named twice."""
    picks, parcels = ledger.picks.columns(), ledger.parcels.columns()
    products = max(len(ledger.opening_stock), 1)
    if not ((back["parcel"] >= 0) & (back["parcel"] < len(parcels["order"]))).all():
        return ["something comes back of a parcel that was never sent"]
    if (parcels["order"][back["parcel"]] != back["order"]).any():
        return ["something comes back of another order's parcel"]
    keys = np.concatenate([table["parcel"] * products + table["sku"] for table in (picks, back)])
    units = np.concatenate([picks["picked"], np.full(len(back["order"]), -1)])
    _, line = np.unique(keys, return_inverse=True)
    problems = []
    if over := np.count_nonzero(np.bincount(line, weights=units) < 0):
        problems.append(f"more comes back of {over} parcels' lines than was in them")
    names = np.stack([back["order"], back["sku"], back["number"]], axis=1)
    if len(np.unique(names, axis=0)) != len(names):
        problems.append("a unit comes back twice")
    return problems
