"""Whatever way an order asks for: no unit is lost, promised twice, or handed over before its last leg has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line, Order
from sim.routing.engine import Engine
from sim.routing.offers.lines import cents_of
from tests.routing.engines import engine
from tests.routing.instances import Instance, instances
from tests.routing.ways.shops import heard

BLOCKS: dict[str, Any] = {
    "merge": {"at": ["dc", "third_party"], "time": "45 min"},
    "splits": None,
}
TRUCK = {"cost_per_parcel": "1 USD", "days": 1}
KIT = (Line(0, 2), Line(1, 1))


@st.composite
def asked(draw: st.DrawFn, instance: Instance) -> Order:
    """Return the instance's order, with something asked of how it is fulfilled."""
    sites = len(instance.network.sites)
    kits = draw(st.integers(0, 2))
    order = instance.order
    if kits:
        free = [line for line in order.lines if line.sku > 1]
        order = order._replace(lines=(Line(0, 2 * kits), Line(1, kits), *free), kits=(KIT,), refused_by=())
    return order._replace(
        collect_at=draw(st.integers(-1, sites - 1)),
        ship_together=draw(st.booleans()),
        deliver_together=draw(st.booleans()),
        max_packages=draw(st.sampled_from([None, None, 0, 1, 2])),
    )


@settings(max_examples=150)
@given(st.data(), instances(most_units=3), st.sampled_from(["cheapest", "nearest", "ruled", "balanced"]))
def test_every_way_keeps_the_laws(data: st.DataObject, instance: Instance, strategy: str) -> None:
    order = data.draw(asked(instance))
    mode = data.draw(st.sampled_from(["never", "missing_lines", "whole_order"]))
    truck = None if mode == "never" else data.draw(st.sampled_from([None, TRUCK]))
    pickup = {"attribute": "open", "transfer": mode, "truck": truck}
    router = router_of(instance, strategy, pickup=pickup, **BLOCKS)
    free = router.parts().belief.available.copy()
    plan = router.route(order, instance.now)

    given_units = Counter[int]()
    for lines in [*(parcel.lines for parcel in plan.parcels), plan.backordered, plan.unfilled]:
        for sku, quantity in lines:
            assert quantity > 0
            given_units[sku] += quantity
    assert given_units == dict(order.lines)
    for parcel in plan.parcels:
        assert parcel.site not in order.refused_by
        assert all(quantity <= free[sku, parcel.site] for sku, quantity in parcel.lines)
        assert instance.now <= parcel.ship_at <= parcel.deliver_at
        if order.kits:
            units = dict(parcel.lines)
            assert units.get(0, 0) == 2 * units.get(1, 0)
        if order.collect_at >= 0:
            assert order.collect_at in (parcel.via, parcel.site)
            assert (parcel.service < 0 and parcel.via < 0) == (parcel.site == order.collect_at)
    if order.ship_together:
        assert len(plan.parcels) <= 1
        assert not plan.parcels or not plan.unfilled
    for leg in plan.onward:
        assert leg.deliver_at == max(parcel.deliver_at for parcel in plan.parcels)
        assert leg.ship_at >= max(parcel.ship_at for parcel in plan.parcels)
        assert {parcel.via for parcel in plan.parcels} == {leg.site}
    if order.collect_at < 0 and order.max_packages is not None and not plan.onward:
        assert len(plan.parcels) <= order.max_packages


@settings(max_examples=60)
@given(instances(most_units=2), st.sampled_from(["cheapest", "nearest"]))
def test_no_other_node_and_no_single_site_would_have_been_cheaper(instance: Instance, strategy: str) -> None:
    order = instance.order._replace(deliver_together=True)
    plan = router_of(instance, strategy, merge={"at": "open"}).route(order, instance.now)
    sites = range(len(instance.network.sites))
    others = [router_of(instance, strategy, nodes=[j], merge={"at": "open"}).route(order, instance.now) for j in sites]
    served = sum(n for parcel in plan.parcels for _, n in parcel.lines)
    for other in others:
        if other.reason != "nowhere_to_merge":
            assert sum(n for parcel in other.parcels for _, n in parcel.lines) == served
            assert cents_of(plan) <= cents_of(other) + 1e-6
    assert any(other == plan for other in others)


def router_of(instance: Instance, strategy: str, nodes: Sequence[int] = range(9), **routing: Any) -> Engine:
    """Return an engine that believes what the instance says, of a network whose sites `nodes` are open."""
    sites = tuple(replace(s, id=str(j), attributes={"open": j in nodes}) for j, s in enumerate(instance.network.sites))
    strategies = {
        "cheapest": {"choose": "cheapest"},
        "nearest": {"choose": "nearest"},
        "balanced": {"choose": "balanced", "day_value": "1.50 USD", "scarcity": 0.2},
        "ruled": {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}]},
    }
    router = engine(replace(instance.network, sites=sites), strategy, **{"strategies": strategies, **routing})
    heard(router, instance.available)
    return router
