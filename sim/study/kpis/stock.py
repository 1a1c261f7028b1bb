"""KPIs of shelves: how often they are empty, what that loses, how long the stock lasts, how old backorders get."""

from __future__ import annotations

from sim.study.kpis.kpi import Kpi

_SOLD = "(SELECT sum(sold_cents) FROM site_costs)"
_CANCELLED = "(SELECT sum(units_cancelled - units_called_off) FROM orders)"
_LATE = "after_backorder = 1"

STOCK_KPIS: tuple[Kpi, ...] = (
    Kpi("stock_out_rate", "Stock-outs", "share", "low", 0.002,
        "Products with nothing on the shelf of a site of ours that carries them by plan, at daily snapshots, over all "
        "that are carried.",
        "sum(empty)", "sum(carried)", "snapshots"),
    Kpi("lost_units_online", "Units lost online", "share", "low", 0.002,
        "Units of shoppers who were shown too little and left, and units cancelled by us, over all units that shoppers "
        "wanted.",
        f"(coalesce(sum(units) FILTER (fate = 1), 0) + coalesce({_CANCELLED}, 0))", "sum(units)", "shoppers"),
    Kpi("lost_units_walk_in", "Units lost over the counter", "share", "low", 0.002,
        "Units that walk-in customers wanted and did not find, over all they wanted.",
        "(sum(wanted) - sum(sold))", "sum(wanted)", "walk_ins"),
    Kpi("missed_walk_in_margin_per_order", "Margin missed over the counter", "USD", "low", 0.05,
        "Price less cost of the units that walk-in customers wanted and did not get, over all orders placed online: "
        "what a policy loses that empties the stores, or keeps their people from serving.",
        "coalesce(sum(missed_cents), 0) / 100",
        "(SELECT count(*) FROM orders WHERE (SELECT count(*) FROM walk_ins) > 0)", "walk_ins"),
    Kpi("days_of_supply", "Days of supply", "days", "low", 0.5,
        "Value at cost of what stands on our shelves, averaged over the daily snapshots, over the cost of the goods of "
        "ours that were picked or sold over the counter in a day.",
        "sum(value_cents)", _SOLD, "snapshots"),
    Kpi("turns", "Stock turns", "per year", "high", 0.1,
        "Cost of the goods of ours that were picked or sold over the counter, for a year of 365 days, over the average "
        "value at cost of what stands on our shelves.",
        f"365 * {_SOLD}", "sum(value_cents)", "snapshots"),
    Kpi("short_pick_rate", "Short picks", "share", "low", 0.001,
        "Parcels whose site found less on its shelf than was asked of it, over all parcels that sites got to.",
        "count(*) FILTER (picked < asked)", "count(*)", "parcels"),
    Kpi("backorder_days", "Age of backorders when sent for", "days", "low", 0.1,
        "Days from the order to the decision that sent a site for what had been backordered, averaged over such "
        "parcels.",
        f"sum(decided_at - ordered_at) FILTER ({_LATE}) / 1440", f"count(*) FILTER ({_LATE})", "parcels"),
)  # fmt: skip
