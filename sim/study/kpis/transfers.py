"""KPIs of stock rebalanced between sites. Where none is, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.study.kpis.kpi import Kpi

_PLACED = "(SELECT count(*) FROM orders WHERE (SELECT count(*) FROM journeys) > 0)"

TRANSFER_KPIS = (
    Kpi("transfer_cost_per_order", "Transfers per order", "USD", "low", 0.05,
        "What it cost to rebalance stock between sites, over all orders placed online.",
        "coalesce(sum(cents), 0) / 100", _PLACED, "journeys"),
    Kpi("transfer_units_per_order", "Units transferred per order", "per order", "low", 0.005,
        "Units sent from site to site to rebalance stock, over all orders placed online.",
        "coalesce(sum(units), 0)", _PLACED, "journeys"),
)  # fmt: skip
