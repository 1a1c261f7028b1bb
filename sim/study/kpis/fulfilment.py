"""KPIs of how orders are fulfilled: by whom, from how far, stage by stage; and of those who say no."""

from __future__ import annotations

from sim.ledger.fates import Goes
from sim.ledger.parcels import Model
from sim.study.kpis.kpi import Kpi

_SHIPPED = f"picked > 0 AND goes = {int(Goes.TO_SHOPPER)}"
_THERE = "picked > 0 AND isfinite(delivered_at)"
_MODELS = {
    Model.DC: "our own DCs", Model.THIRD_PARTY: "third parties", Model.STORE: "stores, and sent",
    Model.VENDOR: "vendors", Model.PICK_UP: "any site, to be collected",
}  # fmt: skip
_STAGES = (
    ("deciding", "ordered_at", "decided_at", "the order to the decision that sent it"),
    ("telling", "decided_at", "reached_at", "that decision to its site's hearing of it"),
    ("picking", "reached_at", "picked_at", "that to the end of its pick, waiting included"),
    ("packing", "picked_at", "packed_at", "that to its being packed"),
    ("dock", "packed_at", "handed_at", "that to its hand-over to the carrier"),
    ("transit", "handed_at", "delivered_at", "that to its delivery"),
)
_ASKED = "CASE WHEN count(*) > 0 THEN count(*) + (SELECT count(*) FROM parcels) ELSE 0 END"

FULFILMENT_KPIS: tuple[Kpi, ...] = (
    *(Kpi(f"mix_{model.name.lower()}", f"Units from {who}", "share", "neither", 0.005,
          f"Units picked at {who}, over all units picked.",
          f"coalesce(sum(picked) FILTER (model = {int(model)}), 0)", "sum(picked)", "parcels")
      for model, who in _MODELS.items()),
    Kpi("km_per_parcel", "Distance per parcel", "km", "low", 5.0,
        "Great-circle distance from site to shopper, averaged over the parcels sent straight to him.",
        f"sum(km) FILTER ({_SHIPPED})", f"count(*) FILTER ({_SHIPPED})", "parcels"),
    *(Kpi(f"{stage}_hours", f"Stage: {stage}", "h", "low", 0.5,
          f"Hours from {what}, averaged over the parcels that arrived.",
          f"sum({end} - {start}) FILTER ({_THERE}) / 60", f"count(*) FILTER ({_THERE})", "parcels")
      for stage, start, end, what in _STAGES),
    Kpi("merged_rate", "Orders merged on their way", "share", "neither", 0.005,
        "Parcels that left a site where others of their order were merged, over the orders that got at least one unit.",
        "count(*)", "CASE WHEN count(*) > 0 THEN (SELECT count(*) FROM orders WHERE units_picked > 0) ELSE 0 END",
        "legs"),
    Kpi("merge_wait_hours", "Waiting to be merged", "h", "low", 0.5,
        "Hours from the first parcel's being there to the last one's, averaged over what was merged.",
        "sum(legs.at - first_at) / 60", "count(*)", "legs"),
    Kpi("decline_rate", "Parcels declined", "share", "low", 0.002,
        "Parcels to which their site said no, over all parcels that sites got to.",
        "count(*)", _ASKED, "declines"),
    Kpi("vendor_goods_per_order", "Goods bought from vendors", "USD", "low", 0.50,
        "What vendors took for the units they sent, over all orders placed.",
        "sum(cents) / 100", "CASE WHEN count(*) > 0 THEN (SELECT count(*) FROM orders) ELSE 0 END", "purchases"),
    Kpi("vendor_margin_rate", "Margin of vendors' goods", "share", "high", 0.005,
        "Price of the units vendors sent less what they took for them, over that price.",
        "(sum(value_cents) - sum(cents))", "sum(value_cents)", "purchases"),
)  # fmt: skip
