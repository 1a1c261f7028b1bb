"""What the KPIs are read off: the orders placed in the measured days, and what else was written down in these days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.orders import Columns, orders_of
from sim.ledger.parcels import parcels_of
from sim.ledger.sellers import seller_days
from sim.ledger.walk_ins import walk_ins_of
from sim.money.site_costs import site_costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

# the ledger's tables whose rows count if their order was placed in the measured days, whenever they were written
OF_ORDERS = (
    "decisions", "changes", "labels", "trips", "claims", "pick_ups", "hand_overs", "parcels", "declines", "purchases",
    "legs", "returns",
)  # fmt: skip
# and those whose rows count if they were written in these days
OF_DAYS = ("shoppers", "walk_ins", "snapshots", "movements", "counts", "supply_orders", "journeys", "labour", "picks")


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Orders of the measured days and the window's other records, column by column: what the KPIs are read off."""

    orders: Columns
    shoppers: Columns
    decisions: Columns
    walk_ins: Columns
    snapshots: Columns
    sellers: Columns
    movements: Columns
    counts: Columns
    changes: Columns
    labels: Columns
    trips: Columns
    claims: Columns
    supply_orders: Columns
    journeys: Columns
    pick_ups: Columns
    hand_overs: Columns
    parcels: Columns
    declines: Columns
    purchases: Columns
    legs: Columns
    charges: Columns
    labour: Columns
    picks: Columns
    site_costs: Columns
    returns: Columns


def measured_rows(ledger: Ledger, orders: Columns) -> dict[str, NDArray[np.bool_]]:
    """Return which rows of each table belong to the cohort or the measurement window."""
    start, end = ledger.measured
    placed = orders["order"][orders["measured"]]

    def of_orders(columns: Columns) -> NDArray[np.bool_]:
        within: NDArray[np.bool_] = np.isin(columns["order"], placed)
        return within

    def of_days(columns: Columns) -> NDArray[np.bool_]:
        within: NDArray[np.bool_] = (columns["at"] >= start) & (columns["at"] < end)
        return within

    charges = ledger.charges.columns()
    return {
        "orders": orders["measured"],
        **{name: of_orders(getattr(ledger, name).columns()) for name in OF_ORDERS},
        **{name: of_days(getattr(ledger, name).columns()) for name in OF_DAYS},
        "charges": np.where(charges["order"] >= 0, of_orders(charges), of_days(charges)),
    }


def cohort_of(ledger: Ledger, orders: Columns | None = None) -> Cohort:
    """Cut the measured window out of a ledger.

    Parameters
    ----------
    orders
        What `orders_of` says of this ledger, if it is known already.
    """
    orders = orders_of(ledger) if orders is None else orders
    derived = {"orders": orders, "parcels": parcels_of(ledger), "walk_ins": walk_ins_of(ledger)}
    tables = {
        name: {
            column: values[rows] for column, values in (derived.get(name) or getattr(ledger, name).columns()).items()
        }
        for name, rows in measured_rows(ledger, orders).items()
    }
    return Cohort(**tables, sellers=seller_days(ledger, orders), site_costs=site_costs(ledger))
