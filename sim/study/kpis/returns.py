"""KPIs of what comes back of the measured orders. Where nothing does, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.ledger.returned import RETURN_CENTS, State, Way
from sim.study.kpis.kpi import Kpi
from sim.units import MINUTES_PER_DAY

_SERVED = "(SELECT count(*) FROM orders WHERE units_picked > 0 AND (SELECT count(*) FROM returns) > 0)"
_DELIVERED = (
    "(SELECT sum(units_picked) FROM orders WHERE delivered_at IS NOT NULL AND (SELECT count(*) FROM returns) > 0)"
)
_HANDED_IN = "count(handed_at)"
_ON_SALE = f"state = {int(State.ON_SALE)}"
_COST = " + ".join(f"sum({part})" for part in RETURN_CENTS)

RETURN_KPIS = (
    Kpi("return_rate", "Units returned", "share", "low", 0.002,
        "Units sent or brought back, over the units delivered.", _HANDED_IN, _DELIVERED, "returns"),
    Kpi("return_in_store_rate", "Returns brought to a store", "share", "high", 0.005,
        "Units brought to a store, over the units sent or brought back.",
        f"count(handed_at) FILTER (way = {int(Way.IN_STORE)})", _HANDED_IN, "returns"),
    Kpi("refund_days", "Days to refund", "days", "low", 0.1,
        "Days from the moment a unit is posted, or handed over the counter, until its shopper has the money, averaged "
        "over the units refunded.",
        f"sum(refunded_at - handed_at) / {MINUTES_PER_DAY}", "count(refunded_at)", "returns"),
    Kpi("resale_rate", "Returns on sale again", "share", "high", 0.005,
        "Units that came to stand on a shelf again, over the units sent or brought back.",
        f"count(*) FILTER ({_ON_SALE})", _HANDED_IN, "returns"),
    Kpi("resale_days", "Days to resale", "days", "low", 0.1,
        "Days from the moment a unit is posted, or handed over the counter, until it is on sale again, averaged over "
        "the units that are.",
        f"sum(settled_at - handed_at) FILTER ({_ON_SALE}) / {MINUTES_PER_DAY}", f"count(*) FILTER ({_ON_SALE})",
        "returns"),
    Kpi("return_cost_per_order", "Returns per order", "USD", "low", 0.05,
        "Labels, receipt and inspection, refurbishing, sending on, and value lost of what came back, over the orders "
        "that got at least one unit. It is part of no other cost; refunds are none.",
        f"({_COST}) / 100", _SERVED, "returns"),
    *(Kpi(f"return_{part.removesuffix('_cents')}_per_order", f"Returns, {title}, per order", "USD", "low", 0.05,
          f"The part of it that is {title}.", f"sum({part}) / 100", _SERVED, "returns")
      for part, title in zip(RETURN_CENTS, (
          "labels", "receipt and inspection", "refurbishing and sending on", "value lost"), strict=True)),
    Kpi("refunds_per_order", "Refunds per order", "USD", "low", 0.5,
        "What was refunded, over the orders that got at least one unit.", "sum(refund_cents) / 100", _SERVED,
        "returns"),
    Kpi("till_margin_per_order", "Bought when returning, margin per order", "USD", "high", 0.05,
        "Margin on what shoppers bought in the store to which they brought something, over the orders that got at "
        "least one unit.",
        "sum(till_margin_cents) / 100", _SERVED, "returns"),
)  # fmt: skip
