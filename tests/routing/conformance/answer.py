"""Each kind of case put to the part of the engine that decides it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from sim.contract.messages import Line
from sim.routing.offers.lanes import Lane, least_cost_lanes
from sim.routing.offers.packages import Package, by_profile, by_weight, packages
from sim.routing.pickup import pickup_sites
from sim.routing.rates import DistanceTier, FallbackRate, TieredRate
from sim.routing.rules.decide import asked, decide
from sim.routing.rules.reasons import Reason
from sim.routing.waiting.batches import partition
from tests.routing.conformance.families import rules_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.routing.conformance.case import Case

Row = tuple[str | None, str | None, float | None]
"""Location, SKU, quantity."""

ERRORS = (Reason.INSUFFICIENT_STOCK, Reason.DESTINATION_REQUIRED)


@dataclass
class Result:
    """What the engine said, in the words of a case."""

    expected: list[Row] = field(default_factory=list)
    backordered: list[Row] = field(default_factory=list)
    unfilled: list[Row] = field(default_factory=list)
    error: str | None = None
    short: list[str] = field(default_factory=list)
    queue: str | None = None
    status: str | None = None
    package_qty: list[float] = field(default_factory=list)
    value: dict[str, float] = field(default_factory=dict)


def answer(case: Case) -> Result:
    """Put a case to the engine."""
    kind, strategy = case.raw["kind"], case.raw["strategy"]
    by_strategy: dict[str, Callable[[Case], Result]] = {
        "pickup_search": _pickup,
        "split_by_weight": _split,
        "split_by_status": _split,
        "split_by_shipping_category": _split,
        "tiered_shipping_cost": _tiered,
        "fallback_rate": _fallback,
        "batch_partition": _batches,
        "min_cost_milp": _lanes,
    }
    if strategy in by_strategy:
        return by_strategy[strategy](case)
    if kind == "availability":
        return _availability(case)
    return _ranking(case) if kind in ("ranking", "rule_selection") else _allocation(case)


def _allocation(case: Case) -> Result:
    situation = case.situation
    if case.raw["strategy"] == "distance" and case.destination is None:
        situation.distance_km = None
    found = decide(rules_for(case.raw["strategy"], case.params), situation)
    ids, spelt = case.columns.ids, [sku for sku, _ in case.lines]

    def rows(shares: dict[int, list[int]]) -> list[Row]:
        return [
            (ids[site], case.records[site].get(situation.skus[line], spelt[line]), case.amount(units))
            for site, basket in shares.items()
            for line, units in enumerate(basket)
            if units
        ]

    profile = case.params.get("delivery_profile")
    profile = profile if isinstance(profile, dict) else {}
    profiles = (
        {case.book.index(sku): str(name) for sku, name in profile.items() if case.book.find(sku) is not None}
        if profile
        else {}
    )
    sent = packages(situation.skus, found.gives, found.later, [by_profile(profiles)] if profile else [])
    return Result(
        rows(found.gives),
        rows(found.later),
        [(None, sku, case.amount(units)) for sku, units in zip(spelt, found.unfilled, strict=True) if units],
        error=found.reason.value if found.reason in ERRORS else None,
        short=[next(s for s in spelt if case.book.index(s) == sku) for sku in found.short],
        queue=found.queue,
        status=found.reason.value,
        package_qty=[case.amount(package.units) for package in sent],
    )


def _ranking(case: Case) -> Result:
    rules = rules_for(case.raw["strategy"], case.params)
    if rules.destination_required and case.destination is None:
        return Result(error=Reason.DESTINATION_REQUIRED.value)
    order = asked(rules.steps[0], case.situation)
    ids = case.columns.ids
    if case.raw["strategy"] == "lexicographic_reducer":
        order = order[:1]
    if case.raw["strategy"] != "priority" or not case.lines:
        return Result([(ids[site], None, None) for site in order])
    return Result(
        [
            (ids[site], spelling, case.amount(case.available(site, spelling)))
            for site in order
            for sku in case.situation.skus
            if (spelling := case.records[site].get(sku)) is not None
        ]
    )


def _availability(case: Case) -> Result:
    rows: list[Row] = []
    for site, at in enumerate(case.locations):
        flagged = at.get("out_of_stock_flag") or ()
        listed = [sku for sku in at.get("stock") or {} if sku not in flagged and case.columns.open[site]]
        rows += [(at["id"], sku, case.amount(case.available(site, sku))) for sku in listed]
    return Result(rows)


def _pickup(case: Case) -> Result:
    radius = case.params.get("radius_km")
    found = pickup_sites(
        case.columns, case.distance_km, inf if radius is None else radius, case.params.get("sort") or "distance"
    )
    return Result([(case.columns.ids[site], None, None) for site in found])


def _split(case: Case) -> Result:
    names = {sku: k for k, (sku, _) in enumerate(case.lines)}
    params = case.params
    lines = {sku: Line(k, sum(units for s, units in case.lines if s == sku)) for sku, k in names.items()}
    if case.raw["strategy"] == "split_by_status":

        def basket(state: str) -> list[int]:
            return [case.units((params.get(state) or {}).get(sku, 0)) for sku in names]

        gives, later = ({0: basket(state)} if any(basket(state)) else {} for state in ("on_hand", "backordered"))
        return _packed(case, packages(tuple(names.values()), gives, later))
    given = params.get("input_packages")
    if given is None:
        inputs = [Package(0, tuple(Line(names[sku], units) for sku, units in case.lines))]
    else:
        inputs = [Package(0, tuple(lines[sku] for sku in package)) for package in given]
    if case.raw["strategy"] == "split_by_weight":
        step = float(case.step)
        most = params.get("max_weight")
        weights = {names[s]: w * step for s, w in params["unit_weight"].items() if s in names}
        split = by_weight(weights, inf if most is None else most)
    else:
        split = by_profile({names[sku]: str(word) for sku, word in params["category"].items() if sku in names})
    return _packed(case, [part for package in inputs for part in split(package)])


def _packed(case: Case, found: Iterable[Package]) -> Result:
    return Result(package_qty=[case.amount(package.units) for package in found])


def _tiered(case: Case) -> Result:
    tiers = tuple(DistanceTier(t["from_km"], t["to_km"], t["cost"]) for t in case.params["tiers"])
    rate = TieredRate(tiers, case.params["default"])
    given = case.params.get("distance_km")
    km = float(case.distance_km[0] if given is None else given)
    return Result(value={"cost": rate.price(None if km != km else km)})


def _fallback(case: Case) -> Result:
    params = case.params
    rate = FallbackRate(params["static_rate"], params["increment_factor"], params["threshold"])
    return Result(value={"rate": rate.price(params["weight"])})


def _batches(case: Case) -> Result:
    params = case.params
    each = params.get("lines_per_order") or 1
    full, rest = divmod(params["lines"], each)
    orders = [each] * full + [rest] * bool(rest)
    found = partition(orders, params.get("max_lines_per_optimisation") or 0, params.get("solver") or "production")
    return Result(value={"batches": len(found)})


def _lanes(case: Case) -> Result:
    params = case.params
    per_carton = [at.get("handling_cost_per_carton") or 0 for at in case.locations]
    lanes = [
        Lane(
            site,
            carrier,
            tuple(params["weight_tiers"]),
            tuple(rates),
            (params.get("dim_factor") or {}).get(carrier, 0),
            (at.get("carrier_capacity_volume") or {}).get(carrier, inf),
            per_carton[site] / params["carton_volume"],
        )
        for site, at in enumerate(case.locations)
        if case.columns.open[site]
        for carrier, rates in params["rates"].items()
    ]
    spelt = list(dict.fromkeys(sku for sku, _ in case.lines))
    situation = case.situation
    first = [next(k for k, (sku, _) in enumerate(case.lines) if sku == s) for s in spelt]
    step = float(case.step)
    wanted = [sum(units for sku, units in case.lines if sku == s) for s in spelt]
    stock = [situation.available[k] * case.columns.open for k in first]
    short = [s for s, row, n in zip(spelt, stock, wanted, strict=True) if row.sum() < n]
    if short:
        left: list[Row] = [(None, sku, case.amount(units)) for sku, units in case.lines]
        return Result(unfilled=left, error=Reason.INSUFFICIENT_STOCK.value, short=short)
    plan = least_cost_lanes(
        lanes,
        [row.tolist() for row in stock],
        wanted,
        [params["unit_weight"][s] * step for s in spelt],
        [params["unit_volume"][s] * step for s in spelt],
        idle_charged=bool(params.get("idle_lane_charged")),
    )
    return Result(value={"objective": plan.cost, "delivery": plan.delivery, "handling": plan.handling})
