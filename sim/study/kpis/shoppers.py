"""KPIs of what shoppers do beside ordering, and of the channels that watch their sellers."""

from __future__ import annotations

from sim.study.kpis.kpi import Kpi

SHOPPER_KPIS: tuple[Kpi, ...] = (
    Kpi("abandon_rate", "Shoppers who left at the promise", "share", "low", 0.002,
        "Shoppers who left when they were told the date, over those who were told one before they ordered.",
        "count(*) FILTER (fate = 2)", "count(*) FILTER (quoted = 1)", "shoppers"),
    Kpi("cart_abandon_rate", "Carts given up", "share", "low", 0.002,
        "Carts that were given up, over all carts.",
        "count(*) FILTER (fate = 3)", "count(*) FILTER (carted = 1)", "shoppers"),
    Kpi("substitution_rate", "Units substituted", "share", "high", 0.005,
        "Units ordered of another product, over the units for which shoppers looked for one, as too little was shown.",
        "sum(substituted)", "sum(looked)", "shoppers"),
    Kpi("seller_cancel_rate_worst", "Seller's cancellations, worst 7 days", "share", "low", 0.001,
        "Orders of which we cancelled at least one unit, over all orders of the same seven days, at the end of the "
        "worst measured day of any channel that watches it.",
        "max(cancelled / orders)", "least(count(*), 1)", "sellers"),
    Kpi("seller_days_in_breach", "Days beyond the seller's limit", "share", "low", 0.01,
        "Measured days at whose end the cancellations of the last seven days were beyond the channel's limit, over the "
        "days on which a channel watched it.",
        "sum(in_breach)", "count(*)", "sellers"),
)  # fmt: skip
