"""The KPIs, one definition each, read off the ledger for the orders placed in the measured days.

A KPI is either a ratio of sums (``numerator / denominator``, each a function of the cohort) or a quantile over orders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.ledger.ledger import Fate
from sim.ledger.orders import Columns, orders_of
from sim.study.estimate import Estimate, pooled_quantile, ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Orders of the measured days and the window's other records, column by column."""

    orders: Columns
    shoppers: Columns
    decisions: Columns
    walk_ins: Columns
    snapshots: Columns


def cohort_of(ledger: Ledger, orders: Columns | None = None) -> Cohort:
    """Cut the measured window out of a ledger.

    Parameters
    ----------
    orders
        What `orders_of` says of this ledger, if it is known already.
    """
    orders = orders_of(ledger) if orders is None else orders
    measured = orders["measured"]
    numbers = orders["order"][measured]
    decisions = ledger.decisions.columns()
    of_cohort = np.isin(decisions["order"], numbers)
    start, end = ledger.measured

    def window(columns: Columns) -> Columns:
        inside = (columns["at"] >= start) & (columns["at"] < end)
        return {name: column[inside] for name, column in columns.items()}

    return Cohort(
        {name: column[measured] for name, column in orders.items()},
        window(ledger.shoppers.columns()),
        {name: column[of_cohort] for name, column in decisions.items()},
        window(ledger.walk_ins.columns()),
        window(ledger.snapshots.columns()),
    )


Sum = Callable[[Cohort], float]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    Parameters
    ----------
    title, unit
        How a table calls it.
    better
        Which direction is good.
    margin
        Differences below this do not matter (in the KPI's own unit): the margin of the verdict "equivalent".
    numerator, denominator
        Of a ratio of sums.
    quantile
        Of delivery hours, instead of a ratio.
    """

    name: str
    title: str
    unit: Literal["USD", "share", "h", "per order", "min"]
    better: Literal["low", "high"]
    margin: float
    numerator: Sum | None = None
    denominator: Sum | None = None
    quantile: float | None = None


def _count(cohort: Cohort) -> float:
    """Cohort orders."""
    return float(len(cohort.orders["order"]))


def _served(cohort: Cohort) -> float:
    """Cohort orders fulfilled in whole or in part."""
    return float(np.count_nonzero(cohort.orders["units_picked"]))


def _promised(cohort: Cohort) -> NDArray[np.bool_]:
    return np.isfinite(cohort.orders["promised_ship"])


def _kept(cohort: Cohort, when: str, promise: str) -> float:
    """Orders all of whose units were there by the promised moment; never is late."""
    orders = cohort.orders
    complete = orders["units_picked"] == orders["units"]
    with np.errstate(invalid="ignore"):
        return float(np.count_nonzero(complete & (orders[when] <= orders[promise] + 1e-6)))


def _of(column: str) -> Sum:
    return lambda cohort: float(cohort.orders[column].sum())


def _where(test: Callable[[Columns], NDArray[np.bool_]]) -> Sum:
    return lambda cohort: float(np.count_nonzero(test(cohort.orders)))


def delivery_hours(cohort: Cohort) -> NDArray[np.float32]:
    """Return the hours from order to last parcel of every order that got something, shape (orders,)."""
    orders = cohort.orders
    hours = (orders["delivered_at"] - orders["at"]) / 60
    return hours[np.isfinite(hours)].astype(np.float32)


def _cost_dollars(cohort: Cohort) -> float:
    """All cost booked to cohort orders, USD."""
    return float(cohort.orders["cost_cents"].sum()) / 100


def _cost_and_lost_margin(cohort: Cohort) -> float:
    """The same plus the margin of what was cancelled, USD."""
    return _cost_dollars(cohort) + float(cohort.orders["cancelled_margin_cents"].sum()) / 100


def _multi_unit(orders: Columns) -> NDArray[np.bool_]:
    return orders["units"] > 1


KPIS: tuple[Kpi, ...] = (
    Kpi("cost_per_order", "Cost per order", "USD", "low", 0.05, _cost_dollars, _served),
    Kpi("cost_per_order_placed", "Cost per order placed, with lost margin", "USD", "low", 0.05,
        _cost_and_lost_margin, _count),
    Kpi("order_fill_rate", "Order fill", "share", "high", 0.002,
        _where(lambda o: (o["units_first"] == o["units"]) & np.isfinite(o["delivered_at"])), _count),
    Kpi("line_fill_rate", "Line fill", "share", "high", 0.002, _of("lines_first"), _of("lines")),
    Kpi("unit_fill_rate", "Unit fill", "share", "high", 0.002, _of("units_first"), _of("units")),
    Kpi("delivery_hours_mean", "Delivery time, mean", "h", "low", 1.0,
        lambda c: float(delivery_hours(c).sum(dtype=np.float64)), lambda c: float(len(delivery_hours(c)))),
    Kpi("delivery_hours_p50", "Delivery time, median", "h", "low", 1.0, quantile=0.50),
    Kpi("delivery_hours_p90", "Delivery time, p90", "h", "low", 2.0, quantile=0.90),
    Kpi("delivery_hours_p95", "Delivery time, p95", "h", "low", 2.0, quantile=0.95),
    Kpi("on_time_ship_rate", "Shipped on time", "share", "high", 0.002,
        lambda c: _kept(c, "handed_at", "promised_ship"), lambda c: float(np.count_nonzero(_promised(c)))),
    Kpi("on_time_delivery_rate", "Delivered on time", "share", "high", 0.002,
        lambda c: _kept(c, "delivered_at", "promised_delivery"), lambda c: float(np.count_nonzero(_promised(c)))),
    Kpi("split_rate", "Split orders", "share", "low", 0.002, _where(lambda o: o["sites"] > 1), _served),
    Kpi("split_rate_multi_unit", "Split, of orders of 2+ units", "share", "low", 0.005,
        _where(lambda o: (o["sites"] > 1) & _multi_unit(o)),
        _where(lambda o: (o["units_picked"] > 0) & _multi_unit(o))),
    Kpi("parcels_per_order", "Parcels per order", "per order", "low", 0.005, _of("parcels"), _served),
    Kpi("cancel_rate", "Orders cancelled in part or whole", "share", "low", 0.001,
        _where(lambda o: o["units_cancelled"] > 0), _count),
    Kpi("oversell_rate", "Oversold units", "share", "low", 0.001, _of("units_short"), _of("units_asked")),
    Kpi("reroutes_per_order", "Re-routes per order", "per order", "low", 0.001, _of("reroutes"), _count),
    Kpi("turned_away_rate", "Shoppers turned away", "share", "low", 0.002,
        lambda c: float(np.count_nonzero(c.shoppers["fate"] == Fate.TURNED_AWAY)),
        lambda c: float(len(c.shoppers["fate"]))),
    Kpi("inventory_accuracy", "Inventory accuracy (router's view)", "share", "high", 0.002,
        lambda c: float(c.snapshots["equal"].sum()), lambda c: float(c.snapshots["pairs"].sum())),
    Kpi("stock_age_min", "Age of stock news at decision", "min", "low", 1.0,
        lambda c: float(c.decisions["stock_age_min"][c.decisions["parcels"] > 0].sum(dtype=np.float64)),
        lambda c: float(np.count_nonzero(c.decisions["parcels"]))),
    Kpi("walk_in_fill_rate", "Walk-in fill", "share", "high", 0.002,
        lambda c: float(c.walk_ins["sold"].sum()), lambda c: float(c.walk_ins["wanted"].sum())),
    *(Kpi(f"{part}_per_order", f"{part.capitalize()} per order", "USD", "low", 0.05,
          lambda c, part=part: float(c.orders[f"{part}_cents"].sum()) / 100, _served)  # type: ignore[misc]
      for part in COST_PARTS),
)  # fmt: skip

BY_NAME = {kpi.name: kpi for kpi in KPIS}
COST_PART_KPIS = tuple(f"{part}_per_order" for part in COST_PARTS)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What one run contributes to every KPI: numerators, denominators, and delivery hours for the quantiles.

    Parameters
    ----------
    pairs
        Numerator and denominator by KPI name.
    hours
        Delivery hours, ascending.
    open_orders
        Cohort orders not finished at the end of the run.
    """

    pairs: dict[str, tuple[float, float]]
    hours: NDArray[np.float32]
    open_orders: int


def sums_of(cohort: Cohort) -> Sums:
    """Reduce a run to what its KPIs need."""
    pairs = {
        kpi.name: (kpi.numerator(cohort), kpi.denominator(cohort))
        for kpi in KPIS
        if kpi.numerator is not None and kpi.denominator is not None
    }
    orders = cohort.orders
    unfinished = np.count_nonzero(orders["units_picked"] + orders["units_cancelled"] < orders["units"])
    return Sums(pairs, np.sort(delivery_hours(cohort)), int(unfinished))


def estimate(kpi: Kpi, runs: Sequence[Sums]) -> Estimate:
    """Estimate a KPI from one run per replication."""
    if kpi.quantile is not None:
        return pooled_quantile([run.hours for run in runs], kpi.quantile)
    pairs: Any = np.array([run.pairs[kpi.name] for run in runs], dtype=float)
    return ratio_of_sums(pairs[:, 0], pairs[:, 1])
