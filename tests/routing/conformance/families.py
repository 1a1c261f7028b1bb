"""Each family of cases as a routing configuration: what another engine's strategy is called, and our rules for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.routing.rules.config import Rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.routing.conformance.case import Raw

Block = dict[str, Any]

DEFAULT = {"by": "default_location"}
NEAREST = {"by": "distance"}
RULE_NAMES: dict[str, Block] = {
    "closest": NEAREST,
    "default_location": DEFAULT,
    "preferred_location": {"by": "preferred_location"},
    "priority": {"by": "priority"},
    "ranked_locations": {"by": "priority"},
    "stay_in_market": {"by": "same_as_destination", "attribute": "market"},
}


def _within(miles: float | None, soft: bool = False) -> list[Block]:
    if miles is None:
        return []
    return [{"keep": "max_distance", "limit": f"{miles} mi", **({"soft": 1} if soft else {})}]


def _named(params: Raw, **names: Block) -> list[Block]:
    return [{**RULE_NAMES, **names}[rule] for rule in params.get("rules", [])]


def _one_then(step: Block) -> list[Block]:
    return [{"allocate": "one_site"}, step]


def _default_then_position(params: Raw) -> Block:
    return {"steps": [{"rank": [DEFAULT, {"by": "attribute", "attribute": "position"}]}]}


def _distance(params: Raw) -> Block:
    return {"steps": [{"rank": [NEAREST]}], "destination_required": True}


def _order_limit(params: Raw) -> Block:
    limit = [{"keep": "capacity", "counts": "orders", "limit": "daily_order_limit"}]
    return {"steps": [{"filters": [] if params.get("ignore_facility_order_limit") else limit}]}


def _group_no_split(params: Raw) -> Block:
    return {"steps": [{}], "when_incomplete": "keep_part" if params.get("allow_partial") else "place_nothing"}


def _lexicographic(params: Raw) -> Block:
    return {"steps": [{"rank": _named(params, minimize_splits={"by": "lines_covered"})}]}


def _reducer(params: Raw) -> Block:
    given = [{"by": "given", "ranks": ranks} for ranks in params.get("rule_ranks", [])]
    return {"steps": [{"rank": [*given, DEFAULT, {"by": "id"}]}]}


def _max_order_lines(params: Raw) -> Block:
    limit = {"keep": "capacity", "counts": "lines", "limit": "max_lines_per_day"}
    return {"steps": [{"filters": [limit], "rank": [NEAREST]}]}


def _minimum_inventory(params: Raw) -> Block:
    most = params.get("max_locations")
    return {"steps": [{"allocate": "fewest_sites", "max_sites": most} if most else {}]}


def _no_split_below(params: Raw) -> Block:
    amount = params.get("sales_order_amount")
    step = {
        "allocate": "fewest_sites",
        "max_sites": params.get("max_locations"),
        "no_split_below": None if amount is None else f"{amount} cents",
    }
    return {"steps": [step]}


def _on_hand_first(params: Raw) -> Block:
    return {"steps": [{}], "backorder": True}


def _greedy(params: Raw) -> Block:
    return {"steps": [{}]}


def _reroute(params: Raw) -> Block:
    period = params.get("rejection_period_days")
    filters = [{"keep": "not_refused_within", "period": f"{period} days"}] if period else []
    return {"steps": [{"filters": filters, "rank": [NEAREST]}], "max_rejects": params.get("max_rejects")}


def _restrict_partial(params: Raw) -> Block:
    whole = params.get("restrict_partial_fulfilment")
    return {"steps": [{}], "when_incomplete": "place_nothing" if whole else "keep_part"}


def _cascade(params: Raw) -> Block:
    steps = [
        {
            "filters": _within(rule.get("max_miles")),
            "rank": [NEAREST],
            "allocate": "greedy" if rule.get("partial") else "one_site",
        }
        for rule in params["rules"]
    ]
    return {"steps": steps, "queue": params.get("else")}


def _rules(params: Raw) -> Block:
    return {"steps": [{"rank": _named(params, minimize_splits={"by": "skus_covered"})}], "backorder": True}


def _shipment_threshold(params: Raw) -> Block:
    threshold = params.get("shipment_threshold")
    step = {"shipment_threshold": None if threshold is None else f"{threshold} cents"}
    partial = params.get("allow_partial")
    return {"steps": _one_then(step), "when_incomplete": "keep_part" if partial else "place_nothing"}


def _whole_lines(params: Raw) -> Block:
    return {"steps": _one_then({"allocate": "whole_lines", "oversell": bool(params.get("oversell"))})}


def _two_pass(params: Raw) -> Block:
    filters = [f for rule in params["rules"] for f in _within(rule.get("max_distance_miles"), not rule.get("hard"))]
    return {"steps": [{"filters": filters, "rank": [NEAREST]}]}


def _weeks_of_supply(params: Raw) -> Block:
    return {"steps": [{"rank": [{"by": "weeks_of_supply"}]}]}


FAMILIES: dict[str, Callable[[Raw], Block]] = {
    "availability": _greedy,
    "default_then_position": _default_then_position,
    "distance": _distance,
    "facility_order_limit": _order_limit,
    "group_no_split": _group_no_split,
    "lexicographic": _lexicographic,
    "lexicographic_reducer": _reducer,
    "max_order_lines": _max_order_lines,
    "minimum_inventory": _minimum_inventory,
    "no_split_below_value": _no_split_below,
    "on_hand_first": _on_hand_first,
    "pinned_per_line": _greedy,
    "priority": _greedy,
    "reroute_after_reject": _reroute,
    "restrict_partial": _restrict_partial,
    "rule_cascade": _cascade,
    "rules": _rules,
    "shipment_threshold": _shipment_threshold,
    "shopify_legacy_priority": _whole_lines,
    "two_pass_hard_then_soft": _two_pass,
    "weeks_of_supply": _weeks_of_supply,
}


def rules_for(strategy: str, params: Raw) -> Rules:
    """Return our rules for a family's strategy and its parameters."""
    block = FAMILIES[strategy](params)
    if params.get("all_or_nothing"):
        block["when_incomplete"] = "refuse"
    steps = [{k: v for k, v in step.items() if v is not None} for step in block["steps"]]
    return Rules.model_validate({**block, "steps": steps})
