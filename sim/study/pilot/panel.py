"""What every store's market came to in every week of a run, read off its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.network.network import Network
    from sim.study.pilot.layout import Floats
    from sim.study.pilot.outcomes import Outcome

DAYS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Sums by store and week.

    Parameters
    ----------
    sums
        By name, each of shape (stores, weeks): what `Outcome` names.
    busiest
        Order lines picked online in the busiest hour of each day, shape (stores, days).
    """

    sums: dict[str, Floats]
    busiest: Floats

    def pair(self, outcome: Outcome) -> tuple[Floats, Floats]:
        """Return an outcome's numerators and denominators."""
        over = self.sums[outcome.numerator]
        return over, self.sums[outcome.denominator] if outcome.denominator != "weeks" else np.ones_like(over)

    def written(self) -> dict[str, Any]:
        """Return it as arrays to be kept."""
        return {**{f"panel {name}": values for name, values in self.sums.items()}, "busiest": self.busiest}


def read(stored: dict[str, Any]) -> Panel:
    """Return a panel that was kept."""
    sums = {name.removeprefix("panel "): stored[name] for name in stored if name.startswith("panel ")}
    return Panel(sums, stored["busiest"])


def markets(network: Network, stores: Sequence[int]) -> NDArray[np.int64]:
    """Return to which of some stores each place is nearest, shape (places,)."""
    away = network.distance_km[:, list(stores)]
    nearest: NDArray[np.int64] = np.where(np.isnan(away), np.inf, away).argmin(axis=1)
    return nearest


def panel_of(ledger: Ledger, orders: Columns, network: Network, stores: Sequence[int]) -> Panel:
    """Read the measured weeks off a ledger that was charged; days that fill no week at the end are left out.

    Parameters
    ----------
    orders
        What `orders_of` says of this ledger.
    stores
        Places of the stores among the network's sites.
    """
    start, end = ledger.measured
    weeks = int((end - start) // (DAYS * MINUTES_PER_DAY))
    row_of = np.full(len(network.sites), -1)
    row_of[list(stores)] = np.arange(len(stores))
    cells = _Cells(start, len(stores), weeks)
    market, at = markets(network, stores)[orders["place"]], orders["at"]
    sums = {name: cells.total(market, at, values) for name, values in _of_orders(ledger, orders).items()}
    sales = ledger.walk_ins.columns()
    products = ledger.products.columns()
    site, sku = row_of[sales["cell"] % len(network.sites)], sales["cell"] // len(network.sites)
    sums["sold"] = cells.total(site, sales["at"], sales["sold"])
    sums["wanted"] = cells.total(site, sales["at"], sales["wanted"])
    margin = (products["price_cents"] - products["unit_cost_cents"])[sku] * sales["sold"] / 100
    sums["contribution"] += cells.total(site, sales["at"], margin)
    picks = ledger.picks.columns()
    sums["picked"] = cells.total(row_of[picks["site"]], picks["at"], picks["picked"])
    return Panel(sums, _busiest(row_of[picks["site"]], picks["at"] - start, len(stores), weeks * DAYS))


class _Cells:
    """Adds things up by store and week."""

    def __init__(self, start: float, stores: int, weeks: int) -> None:
        self._start = start
        self._shape = stores, weeks

    def total(self, store: NDArray[np.int64], at: Floats, values: NDArray[Any]) -> Floats:
        stores, weeks = self._shape
        week = np.floor((at - self._start) / (DAYS * MINUTES_PER_DAY)).astype(np.int64)
        inside = (store >= 0) & (week >= 0) & (week < weeks)
        cell = store[inside] * weeks + week[inside]
        return added(cell, values[inside], stores * weeks).reshape(stores, weeks)


def _of_orders(ledger: Ledger, orders: Columns) -> dict[str, NDArray[Any]]:
    """Return what each order adds to the sums."""
    served = orders["units_picked"] > 0
    hours = (orders["delivered_at"] - orders["at"]) / 60
    promised = np.isfinite(orders["promised_delivery"]) & (orders["units_called_off"] == 0)
    whole = orders["units_picked"] == orders["units"]
    earned = orders["sales_cents"] + orders["goods_back_cents"] + orders["till_margin_cents"]
    spent = sum(orders[f"{name}_cents"] for name in ("refund", "lost_refund", "goods", "cost", "return"))
    return {
        "orders": np.ones(len(served)),
        "served": served,
        "cost": np.where(served, orders["cost_cents"], 0) / 100,
        "contribution": (earned - spent - _charged(ledger, orders)) / 100,
        "hours": np.nan_to_num(hours),
        "arrived": np.isfinite(hours),
        "promised": promised,
        "on_time": promised & whole & (orders["delivered_at"] <= orders["promised_delivery"] + 1e-6),
    }


def _charged(ledger: Ledger, orders: Columns) -> Floats:
    """Return what was charged to each order beside the cost of its parcels: contacts, penalties."""
    charges = ledger.charges.columns()
    own = charges["order"] >= 0
    sorter = np.argsort(orders["order"])
    rows = sorter[np.searchsorted(orders["order"][sorter], charges["order"][own])]
    return added(rows, charges["cents"][own], len(orders["order"]))


def _busiest(store: NDArray[np.int64], since: Floats, stores: int, days: int) -> Floats:
    """Return the most order lines that were picked in one hour, by store and day."""
    hour = np.floor(since / 60).astype(np.int64)
    inside = (store >= 0) & (hour >= 0) & (hour < 24 * days)
    cell = store[inside] * 24 * days + hour[inside]
    lines = np.bincount(cell, minlength=stores * 24 * days).reshape(stores, days, 24)
    most: Floats = np.maximum.reduce(lines, axis=2).astype(np.float64)
    return most


def added(places: NDArray[np.int64], values: NDArray[Any], count: int) -> Floats:
    """Add values up by their places, of which there are so many."""
    total: Floats = np.bincount(places, weights=values, minlength=count).astype(np.float64)
    return total
