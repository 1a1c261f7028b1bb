"""KPIs of orders that are collected. Where none are, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.study.kpis.kpi import Kpi

_TO_COLLECT = "count(*) FILTER (collect_at >= 0)"
_ANY = "max(collect_at) >= 0"

PICK_UP_KPIS: tuple[Kpi, ...] = (
    Kpi("pick_up_rate", "Orders to be collected", "share", "neither", 0.005,
        "Orders whose shopper was to collect them, over all orders placed.",
        _TO_COLLECT, f"CASE WHEN {_ANY} THEN count(*) ELSE 0 END"),
    Kpi("added_rate", "Pick-up orders that came on top", "share", "high", 0.005,
        "Orders of shoppers who would not have come if they could not collect, over all orders to be collected.",
        "sum(added)", "count(*)", "pick_ups"),
    Kpi("ready_hours_mean", "Ready for pick-up, mean", "h", "low", 0.5,
        "Hours from order to all of it being ready at the counter, averaged over the orders to be collected that got "
        "something.",
        "sum(ready_hours)", "count(ready_hours)"),
    Kpi("ready_hours_p90", "Ready for pick-up, p90", "h", "low", 1.0,
        "Hours from order to all of it being ready that 90 % of these orders do not exceed.",
        quantile=0.90, of="ready_hours"),
    Kpi("ready_on_time_rate", "Ready on time", "share", "high", 0.002,
        "Orders to be collected all of whose units were ready by the time first promised; never is late. Over those "
        "that were promised whole when they came in and not called off.",
        "count(*) FILTER (collect_at >= 0 AND units_picked = units AND delivered_at <= promised_delivery + 1e-6)",
        "count(promised_delivery) FILTER (collect_at >= 0 AND units_called_off = 0)"),
    Kpi("collected_rate", "Pick-up orders collected", "share", "high", 0.002,
        "Orders of which the shopper collected something, over all orders to be collected.",
        "count(*) FILTER (collected = 1)", "(SELECT count(*) FROM pick_ups)", "hand_overs"),
    Kpi("no_show_rate", "No-shows", "share", "low", 0.002,
        "Orders that were put back because nobody came in time, over those that were collected or put back.",
        "count(*) FILTER (collected = 0)", "count(*)", "hand_overs"),
    Kpi("counter_hours_mean", "Waiting at the counter, mean", "h", "low", 1.0,
        "Hours from being ready to being collected or put back, averaged over the orders that were.",
        "sum(hand_overs.at - ready_at) / 60", "count(*)", "hand_overs"),
    Kpi("extra_sales_per_pick_up", "Extra sales per pick-up", "USD", "high", 0.10,
        "What shoppers bought besides when they came, over the orders collected.",
        "sum(extra_cents) / 100", "count(*) FILTER (collected = 1)", "hand_overs"),
    Kpi("extra_margin_per_pick_up", "Extra margin per pick-up", "USD", "high", 0.05,
        "What is left of it, over the orders collected.",
        "sum(extra_margin_cents) / 100", "count(*) FILTER (collected = 1)", "hand_overs"),
    Kpi("pick_up_per_order", "Pick-up per order", "USD", "low", 0.05,
        "Staff time at counter and kerb, and of putting back what nobody came for, over the orders that got at least "
        "one unit. A part of the cost per order.",
        "sum(pick_up_cents) / 100", f"CASE WHEN {_ANY} THEN count(*) FILTER (units_picked > 0) ELSE 0 END"),
)  # fmt: skip
