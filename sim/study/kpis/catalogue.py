"""The KPIs, one definition each, in SQL over the tables of a run.

A KPI is a ratio of sums, ``numerator / denominator``, or a quantile, over the orders placed in the
measured days and the other records of these days. The SQL here is what the program computes by, not a description of
it; anybody can repeat it on the Parquet files that a run leaves behind (rows where ``measured``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.errors import FulfillSimError, expected_one_of
from sim.ledger.orders import ALL_PARTS
from sim.study.kpis.carriers import CARRIER_KPIS
from sim.study.kpis.database import with_tables
from sim.study.kpis.fulfilment import FULFILMENT_KPIS
from sim.study.kpis.kpi import Kpi as Kpi
from sim.study.kpis.kpi import TableName
from sim.study.kpis.labour import LABOUR_KPIS
from sim.study.kpis.messages import MESSAGE_KPIS
from sim.study.kpis.money import MONEY_KPIS
from sim.study.kpis.pick_up import PICK_UP_KPIS
from sim.study.kpis.records import RECORD_KPIS
from sim.study.kpis.returns import RETURN_KPIS
from sim.study.kpis.shoppers import SHOPPER_KPIS
from sim.study.kpis.stock import STOCK_KPIS
from sim.study.kpis.transfers import TRANSFER_KPIS
from sim.study.statistics.estimate import Estimate, pooled_quantile, ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.study.kpis.cohort import Cohort

PLACED = "count(*)"
SERVED = "count(*) FILTER (units_picked > 0)"
WANTED = "count(*) FILTER (units_called_off + units_left = 0)"
PROMISED = "count(promised_ship) FILTER (units_called_off = 0)"

KPIS: tuple[Kpi, ...] = (
    Kpi("cost_per_order", "Cost per order", "USD", "low", 0.05,
        "All cost booked to the orders, over the orders that got at least one unit.",
        "sum(cost_cents) / 100", SERVED),
    Kpi("cost_per_order_placed", "Cost per order placed, with lost margin", "USD", "low", 0.05,
        "All cost booked to the orders and the margin of every unit cancelled or paid back, over all orders placed.",
        "(sum(cost_cents) + sum(cancelled_margin_cents)) / 100", PLACED),
    Kpi("order_fill_rate", "Order fill", "share", "high", 0.002,
        "Orders delivered or collected complete with no unit ever backordered and none substituted, over all orders "
        "placed, but for those called off or never collected by the shopper.",
        "count(*) FILTER (units_first = units AND delivered_at IS NOT NULL AND substituted = 0 AND units_left = 0)",
        WANTED),
    Kpi("line_fill_rate", "Line fill", "share", "high", 0.002,
        "Order lines picked in full without having been backordered, over all lines of orders not called off.",
        "sum(lines_first) FILTER (units_called_off = 0)", "sum(lines) FILTER (units_called_off = 0)"),
    Kpi("unit_fill_rate", "Unit fill", "share", "high", 0.002,
        "Units picked without having been backordered, over all units ordered and not called off.",
        "sum(units_first)", "sum(units - units_called_off)"),
    Kpi("delivery_hours_mean", "Delivery time, mean", "h", "low", 1.0,
        "Hours from order to the delivery of its last parcel, averaged over the orders sent that got something.",
        "sum(delivery_hours)", "count(delivery_hours)"),
    *(Kpi(f"delivery_hours_p{percent}", f"Delivery time, {title}", "h", "low", margin,
          f"Hours from order to last parcel that {percent} % of the orders sent that got something do not exceed.",
          quantile=percent / 100)
      for percent, title, margin in ((50, "median", 1.0), (90, "p90", 2.0), (95, "p95", 2.0))),
    Kpi("on_time_ship_rate", "Shipped on time", "share", "high", 0.002,
        "Orders all of whose units were handed to the carrier, or made ready, by the ship time first promised; never "
        "is late. Over the orders that were promised whole when they came in, backorders with a date included, and "
        "not called off.",
        "count(*) FILTER (units_picked = units AND handed_at <= promised_ship + 1e-6)", PROMISED),
    Kpi("on_time_delivery_rate", "Delivered on time", "share", "high", 0.002,
        "Orders all of whose units were delivered, or ready to be collected, by the time first promised; never is "
        "late. Over the orders that were promised whole when they came in, backorders with a date included, and not "
        "called off.",
        "count(*) FILTER (units_picked = units AND delivered_at <= promised_delivery + 1e-6)", PROMISED),
    Kpi("perfect_order_rate", "Perfect orders", "share", "high", 0.002,
        "Orders delivered complete by the date first promised, with no unit backordered, substituted, lost or spoilt, "
        "over all orders placed and not called off.",
        "count(*) FILTER (units_first = units AND units_picked = units AND units_lost = 0 AND substituted = 0 "
        "AND delivered_at <= promised_delivery + 1e-6)", WANTED),
    Kpi("split_rate", "Split orders", "share", "low", 0.002,
        "Orders served from more than one site, over the orders that got at least one unit.",
        "count(*) FILTER (sites > 1)", SERVED),
    Kpi("split_rate_multi_unit", "Split, of orders of 2+ units", "share", "low", 0.005,
        "The same among orders of two or more units, the only ones that can be split.",
        "count(*) FILTER (sites > 1 AND units > 1)", "count(*) FILTER (units_picked > 0 AND units > 1)"),
    Kpi("parcels_per_order", "Parcels per order", "per order", "low", 0.005,
        "Parcels sent, over the orders that got at least one unit.", "sum(parcels)", SERVED),
    Kpi("units_per_parcel", "Units per parcel", "per parcel", "high", 0.005,
        "Units picked, over parcels sent.", "sum(units_picked)", "sum(parcels)"),
    Kpi("cancel_rate", "Orders cancelled in part or whole", "share", "low", 0.001,
        "Orders of which we cancelled at least one unit, over all orders placed.",
        "count(*) FILTER (units_cancelled > units_called_off)", PLACED),
    Kpi("oversell_rate", "Oversold units", "share", "low", 0.001,
        "Units promised from a site whose shelf did not have them when asked, over all units promised and not "
        "withdrawn, each time anew.",
        "sum(units_short)", "sum(units_promised)"),
    Kpi("reroutes_per_order", "Re-routes per order", "per order", "low", 0.001,
        "Times an order or part of it came back from a site and was routed again, over all orders placed.",
        "sum(reroutes)", PLACED),
    Kpi("turned_away_rate", "Shoppers turned away", "share", "low", 0.002,
        "Shoppers who were shown too little and left, over all shoppers.",
        "count(*) FILTER (fate = 1)", "count(*)", "shoppers"),
    *SHOPPER_KPIS,
    Kpi("inventory_accuracy", "Inventory accuracy", "share", "high", 0.002,
        "Where records can drift from their shelves, the record accuracy, else that of the router's view: products at "
        "sites of which it had been told what stands on the shelf, at daily snapshots, over those of which there is "
        "any in either.",
        "CASE WHEN sum(record_pairs) > 0 THEN sum(record_equal) ELSE sum(equal) END",
        "CASE WHEN sum(record_pairs) > 0 THEN sum(record_pairs) ELSE sum(pairs) END", "snapshots"),
    *RECORD_KPIS,
    *MESSAGE_KPIS,
    *RETURN_KPIS,
    *CARRIER_KPIS,
    Kpi("stock_age_min", "Age of stock news at decision", "min", "low", 1.0,
        "Age of the stock news of the sites chosen, averaged over the decisions that chose any.",
        "sum(stock_age_min) FILTER (parcels > 0)", "count(*) FILTER (parcels > 0)", "decisions"),
    Kpi("stock_age_p95_min", "Age of stock news at decision, p95", "min", "low", 2.0,
        "Age of the stock news of the sites chosen that 95 % of the decisions that chose any do not exceed.",
        table="decisions", quantile=0.95, of="stock_age_min"),
    Kpi("walk_in_fill_rate", "Walk-in fill", "share", "high", 0.002,
        "Units sold to walk-in customers, over the units they wanted.", "sum(sold)", "sum(wanted)", "walk_ins"),
    *STOCK_KPIS,
    Kpi("end_stock_value_per_order", "Stock value change per order", "USD", "high", 0.50,
        "Value at cost of what stands on all shelves at the last daily snapshot minus at the first, over all orders "
        "placed: a policy that empties the shelves looks cheap until they have to be filled.",
        "(arg_max(value_cents, snapshots.at) - arg_min(value_cents, snapshots.at)) / 100",
        "(SELECT count(*) FROM orders)", "snapshots"),
    Kpi("inbound_cost_per_order", "Inbound cost per order", "USD", "low", 0.05,
        "What sending for goods cost, freight and handling included, over all orders placed online.",
        "coalesce(sum(cents), 0) / 100", "(SELECT count(*) FROM orders)", "supply_orders"),
    *TRANSFER_KPIS,
    Kpi("carrying_cost_per_order", "Carrying cost per order", "USD", "low", 0.05,
        "What it cost to have stock, obsolescence included, over all orders placed online.",
        "sum(carrying_cents) / 100", "(SELECT count(*) FROM orders)", "snapshots"),
    *(Kpi(f"{part}_per_order", f"{part.capitalize()} per order", "USD", "low", 0.05,
          f"What was booked as {part}, over the orders that got at least one unit.", f"sum({part}_cents) / 100", SERVED)
      for part in COST_PARTS),
    *MONEY_KPIS,
    *FULFILMENT_KPIS,
    *PICK_UP_KPIS,
    *LABOUR_KPIS,
)  # fmt: skip

_OPEN = "units_picked + units_cancelled < units"
SETTLED = Kpi("settled_cost", "Cost per order placed, all settled", "USD", "low", 0.05,
    "As the cost per order placed with lost margin, and the margin of what is still open when the run is over: what a "
    "clairvoyant bound is a bound of. Not among those that are shown.",
    "(sum(cost_cents) + sum(cancelled_margin_cents) + coalesce(sum(margin_cents - cancelled_margin_cents - sales_cents "
    f"+ goods_cents) FILTER ({_OPEN}), 0)) / 100", PLACED)  # fmt: skip
OPEN_ORDERS = f"count(*) FILTER ({_OPEN})"
BY_NAME = {kpi.name: kpi for kpi in KPIS}
COST_PART_KPIS = tuple(f"{part}_per_order" for part in ALL_PARTS)


def kpi_named(name: str) -> Kpi:
    """Return a KPI.

    Raises
    ------
    FulfillSimError
        If there is none of that name.
    """
    if name not in BY_NAME:
        raise FulfillSimError(f"unknown KPI {expected_one_of(name, BY_NAME)}")
    return BY_NAME[name]


def definitions() -> dict[str, dict[str, str]]:
    """Return what every KPI means, in words and in SQL, for people and manifests."""
    return {
        kpi.name: {"title": kpi.title, "unit": kpi.unit, "better": kpi.better, "meaning": kpi.meaning, "sql": kpi.sql}
        for kpi in KPIS
    }


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What one run contributes to every KPI: numerators, denominators, and what quantiles are taken of.

    Parameters
    ----------
    pairs
        Numerator and denominator by KPI name.
    samples
        Values of the columns of which there are quantiles, ascending.
    open_orders
        Cohort orders not finished at the end of the run.
    """

    pairs: dict[str, tuple[float, float]]
    samples: dict[str, NDArray[np.float64]]
    open_orders: int


def sums_of(cohort: Cohort) -> Sums:
    """Reduce a run to what its KPIs need: one query a table."""
    ratios = [*(kpi for kpi in KPIS if kpi.quantile is None), SETTLED]
    wanted: dict[TableName, dict[str, float]] = {"orders": {OPEN_ORDERS: 0.0}, "site_costs": {"count(*)": 0.0}}
    for kpi in ratios:
        wanted.setdefault(kpi.table, {}).update({kpi.numerator: 0.0, kpi.denominator: 0.0})
    with with_tables({name: getattr(cohort, name) for name in wanted}) as connection:
        for table, sums in wanted.items():
            (row,) = connection.execute(f"SELECT {', '.join(sums)} FROM {table}").fetchall()
            sums.update({sql: float(value or 0) for sql, value in zip(sums, row, strict=True)})  # a sum of none is NULL
    decisions = cohort.decisions
    samples = {name: cohort.orders[name] for name in ("delivery_hours", "ready_hours")}
    ages = decisions["stock_age_min"][decisions["parcels"] > 0]
    return Sums(
        {kpi.name: (wanted[kpi.table][kpi.numerator], wanted[kpi.table][kpi.denominator]) for kpi in ratios},
        {
            **{name: np.sort(hours[np.isfinite(hours)]) for name, hours in samples.items()},
            "stock_age_min": np.sort(ages).astype(np.float64),
        },
        int(wanted["orders"][OPEN_ORDERS]),
    )


def estimate(kpi: Kpi, runs: Sequence[Sums]) -> Estimate:
    """Estimate a KPI from one run per replication."""
    if kpi.quantile is not None:
        return pooled_quantile([run.samples[kpi.of] for run in runs], kpi.quantile)
    pairs: Any = np.array([run.pairs[kpi.name] for run in runs], dtype=float)
    return ratio_of_sums(pairs[:, 0], pairs[:, 1])
