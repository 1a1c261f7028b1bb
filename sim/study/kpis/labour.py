"""KPIs of people with shifts. Where nobody has any, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.study.kpis.kpi import Kpi

_SERVED = "(SELECT count(*) FILTER (units_picked > 0) FROM orders WHERE (SELECT count(*) FROM labour) > 0)"
_CAME = "customers + gave_up"
_IF_CUSTOMERS = f"(SELECT count(*) FILTER (units_picked > 0) FROM orders WHERE (SELECT sum({_CAME}) FROM labour) > 0)"

LABOUR_KPIS: tuple[Kpi, ...] = (
    Kpi("labour_cost_per_order", "Labour per order", "USD", "low", 0.05,
        "Wages of people with shifts in the measured days, worked or idle, but for those of serving walk-in customers, "
        "over the orders that got at least one unit.",
        "coalesce(sum(cents), 0) / 100", _SERVED, "labour"),
    Kpi("labour_use", "Use of paid time", "share", "high", 0.005,
        "Minutes worked, over minutes paid, those beyond shifts included.",
        "sum(worked_min)", "sum(paid_min + overtime_min)", "labour"),
    Kpi("overtime_hours", "Overtime", "h", "low", 0.1,
        "Hours that people worked beyond their shifts, all sites together, a measured day.",
        "sum(overtime_min) / 60", "count(DISTINCT labour.at)", "labour"),
    Kpi("pick_wait_hours", "Waiting to be picked", "h", "low", 0.1,
        "Hours that parcels waited at sites with shifts from their site's hearing of them until their pick began.",
        "sum(waited_min) / 60", "sum(labour.parcels)", "labour"),
    Kpi("backlog_age_hours", "Age of the backlog", "h", "low", 0.5,
        "The longest that any parcel had waited whose pick began on a day, averaged over the days on which sites with "
        "shifts began any.",
        "sum(longest_min) / 60", "count(*) FILTER (labour.parcels > 0)", "labour"),
    Kpi("store_labour_per_order", "Labour for walk-in customers", "USD", "low", 0.05,
        "Wages of people with shifts as far as they served walk-in customers, over the orders that got at least one "
        "unit.",
        "coalesce(sum(in_store_cents), 0) / 100", _IF_CUSTOMERS, "labour"),
    Kpi("walk_in_wait_min", "Waiting in the store", "min", "low", 0.5,
        "Minutes that walk-in customers waited for people who pick orders too.",
        "sum(customers_waited_min)", "sum(customers)", "labour"),
    Kpi("walk_in_wait_cost_per_order", "Cost of waiting in the store", "USD", "low", 0.05,
        "What it costs that walk-in customers waited, over the orders that got at least one unit.",
        "coalesce(sum(wait_cents), 0) / 100", _IF_CUSTOMERS, "labour"),
    Kpi("walk_ins_left_rate", "Customers who left the queue", "share", "low", 0.002,
        "Walk-in customers who left because too many waited for people who pick orders too, over all who came.",
        "sum(gave_up)", f"sum({_CAME})", "labour"),
    Kpi("walk_ins_left_cost_per_order", "Cost of customers who left", "USD", "low", 0.05,
        "What it costs that walk-in customers left the queue, beside the sale, over the orders that got at least one "
        "unit.",
        "coalesce(sum(gave_up_cents), 0) / 100", _IF_CUSTOMERS, "labour"),
)  # fmt: skip
