"""Orders by the model that served them or the region they went to, as the trade compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.errors import FulfillSimError, expected_one_of
from sim.money.order_costs import GROUPS, order_costs
from sim.study.kpis.database import with_tables
from sim.study.statistics.estimate import ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.study.statistics.estimate import Estimate

BY = ("model", "region")
ALL = "all"
Groups = dict[str, list[float]]
"""Numerators, then denominators of all `MEASURES`, by group."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table: a ratio of sums over the orders of a group that got something.

    Parameters
    ----------
    of_all
        Whether the denominator is that of all orders.
    """

    name: str
    title: str
    unit: Literal["USD", "share", "h", "per order"]
    numerator: str
    denominator: str = "count(*)"
    of_all: bool = False


_EARNED = "sales_cents - refund_cents - lost_refund_cents - goods_cents + goods_back_cents + till_margin_cents"
_ALL_IN = "cost_cents + return_cents + in_vain_cents + third_party_cents + promise_cents + labour_cents + stock_cents"

MEASURES = (
    Measure("share_of_orders", "Orders, %", "share", "count(*)", of_all=True),
    Measure("units_per_order", "Units an order", "per order", "sum(units_picked)"),
    Measure("revenue", "Revenue", "USD", "sum(sales_cents) / 100"),
    Measure("refunds", "Refunds", "USD", "sum(refund_cents + lost_refund_cents) / 100"),
    Measure("goods", "Cost of goods kept", "USD", "sum(goods_cents - goods_back_cents) / 100"),
    Measure("handling", "Picking, packing and counter", "USD",
            "sum(picking_cents + packing_cents + pick_up_cents + in_vain_cents) / 100"),
    Measure("labour", "Wages by the minute", "USD", "sum(labour_cents) / 100"),
    Measure("packaging", "Packaging", "USD", "sum(packaging_cents) / 100"),
    Measure("label", "Label", "USD", "sum(label_cents) / 100"),
    Measure("fees", "Fees", "USD", "sum(fees_cents + third_party_cents) / 100"),
    Measure("promises", "Contacts, penalties and claims", "USD", "sum(promise_cents + claims_cents) / 100"),
    Measure("returns", "Returns", "USD", "sum(return_cents) / 100"),
    Measure("stock", "Stock: freight, holding, shrink", "USD", "sum(stock_cents) / 100"),
    Measure("fixed", "Fixed", "USD", "sum(fixed_cents) / 100"),
    Measure("all_in", "Cost all in", "USD", f"sum({_ALL_IN} + fixed_cents) / 100"),
    Measure("contribution", "Contribution", "USD", f"sum({_EARNED} - ({_ALL_IN})) / 100"),
    Measure("delivery_hours", "Delivery, hours", "h", "sum(delivery_hours)", "count(delivery_hours)"),
    Measure("on_time", "Delivered on time, %", "share",
            "count(*) FILTER (units_picked = units AND delivered_at <= promised_delivery + 1e-6)",
            "count(promised_delivery) FILTER (units_called_off = 0)"),
)  # fmt: skip


def checked(by: Iterable[str]) -> tuple[str, ...]:
    """Return by what orders are to be told apart.

    Raises
    ------
    FulfillSimError
        If they cannot be told apart by it.
    """
    found = tuple(dict.fromkeys(by))
    for name in found:
        if name not in BY:
            raise FulfillSimError(f"--by {expected_one_of(name, BY)}")
    return found


def groups_of(ledger: Ledger, orders: Columns, sites: Columns, by: Sequence[str]) -> dict[str, Groups]:
    """Return what one run contributes: the sums of every group, and of all."""
    if not by:
        return {}
    sums = ", ".join([m.numerator for m in MEASURES] + [m.denominator for m in MEASURES])
    found: dict[str, Groups] = {}
    with with_tables({"orders": order_costs(ledger, orders, sites)}) as connection:
        for name in by:
            rows = connection.execute(f"SELECT {name}, {sums} FROM orders GROUP BY {name}").fetchall()
            rows += [(ALL, *row) for row in connection.execute(f"SELECT {sums} FROM orders").fetchall()]
            found[name] = {str(group): [float(value or 0) for value in values] for group, *values in rows}
    return found


def names_of(by: str, runs: Iterable[Groups]) -> list[str]:
    """Return the groups that any run knows: models in their usual order, regions by name, at last all."""
    known = {name for run in runs for name in run} - {ALL}
    order = {name: k for k, name in enumerate(GROUPS)} if by == "model" else {}
    return [*sorted(known, key=lambda name: (order.get(name, 0), name)), ALL]


def estimate_of(measure: Measure, group: str, runs: Sequence[Groups]) -> Estimate:
    """Estimate a measure of a group from one run per replication."""
    numerator, denominator = MEASURES.index(measure), len(MEASURES) + MEASURES.index(measure)
    nothing = [0.0] * (2 * len(MEASURES))
    sums = np.array([run.get(group, nothing) for run in runs])
    of_all = np.array([run[ALL][denominator] for run in runs])
    return ratio_of_sums(sums[:, numerator], of_all if measure.of_all else sums[:, denominator])
