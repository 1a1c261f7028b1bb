"""Each counterfactual holds in a world built anew with the change, and with one step less of it does not."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from sim.contract.messages import Order
from sim.routing.explain import explain
from sim.routing.explain.changes import Knob
from sim.routing.explain.counterfactuals import Counterfactual
from tests.routing.explain.worlds import NOW, STRATEGIES, World, order, world


def serves(here: World, asked: Order, site: int) -> str:
    """Return how much of an order a site serves."""
    mine = [parcel.lines for parcel in here.engine().route(asked, NOW).parcels if parcel.site == site]
    return "" if not mine else "all" if mine[0] == asked.lines else "part"


def with_setting(here: World, path: tuple[Any, ...], change: Any) -> World:
    strategy = deepcopy(here.strategy)
    node: Any = strategy
    for key in path[:-1]:
        node = node[key]
    change(node, path[-1])
    return replace(here, strategy=strategy)


def applied(here: World, asked: Order, found: Counterfactual, steps: float, fewer: str = "") -> tuple[World, Order]:
    """Return the world and the order after a change of so many steps; of one unit less of the product `fewer`."""
    site = int(found.site[1:])
    match found.knob:
        case Knob.COST:
            return here.changed("fees", site, steps), asked
        case Knob.STOCK:
            more = {int(name[1:]): n - (name == fewer) for name, n in (found.products or {}).items()}
            stock = tuple(
                tuple(units + (more.get(sku, 0) if k == site else 0) for k, units in enumerate(row))
                for sku, row in enumerate(here.stock)
            )
            return replace(here, stock=stock), asked
        case Knob.SAFETY_STOCK:
            return here.changed("held", site, round(steps)), asked
        case Knob.DISTANCE:
            return here.changed("km", site, steps), asked
        case Knob.CUT_OFF:
            return here.changed("leads", site, -steps), asked
        case Knob.NEWS_AGE:
            return here.changed("news_at", site, -steps), asked
        case Knob.REFUSAL:
            return here, asked._replace(refused_by=()) if steps else asked
        case Knob.DAY_VALUE:
            return replace(here, strategy={**here.strategy, "day_value": f"{100 + steps:g} cents"}), asked
        case Knob.WEIGHT:
            rules = here.strategy["steps"][0]["weigh"]
            k = next(k for k, rule in enumerate(rules) if rule["by"] == found.rule)
            change = lambda rule, key: rule.update({key: rule.get(key, 1) + steps})  # noqa: E731
            return with_setting(here, ("steps", 0, "weigh", k, "weight"), change), asked
        case Knob.FILTER:
            change = lambda step, key: step.update({key: []} if steps else {})  # noqa: E731
            return with_setting(here, ("steps", 0, "filters"), change), asked


STEP = {Knob.DISTANCE: 0.1, Knob.WEIGHT: 0.01}
KNOBS = {
    "nearest": {Knob.STOCK, Knob.SAFETY_STOCK, Knob.DISTANCE, Knob.REFUSAL},
    "cheapest": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL},
    "fewest_parcels": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL},
    "dc_first": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL},
    "balanced": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL, Knob.CUT_OFF, Knob.DAY_VALUE},
    "siloed": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL},
    "ranked": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL, Knob.DISTANCE, Knob.FILTER},
    "weighed": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL, Knob.WEIGHT},
    "doubtful": {Knob.COST, Knob.STOCK, Knob.SAFETY_STOCK, Knob.REFUSAL, Knob.NEWS_AGE, Knob.FILTER},
}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_with_the_change_the_site_serves_and_with_a_step_less_it_does_not(strategy: str) -> None:
    met: Counter[Knob] = Counter()
    for seed in range(20):
        here, asked = world(seed, strategy), order(seed)
        for found in explain(here.engine(), asked, NOW).counterfactuals:
            site = int(found.site[1:])
            step = STEP.get(found.knob, 1) * (1 if found.amount > 0 else -1)
            met[found.knob] += 1
            assert serves(*applied(here, asked, found, found.amount), site) == found.serves, (seed, found)
            for less in found.products or [""]:
                assert not serves(*applied(here, asked, found, found.amount - step, less), site), (seed, found)
    assert set(met) >= KNOBS[strategy]


def test_the_cost_that_would_have_to_be_saved_is_the_difference_of_the_totals() -> None:
    here = replace(world(1, "cheapest", sites=2), fees=(0.0, 42.0), km=(10.0, 20.0), held=(0, 0), stock=((9, 9),) * 3)
    (found,) = explain(here.engine(), order(1)._replace(refused_by=()), NOW).counterfactuals
    # handling differs by 42 + 1 cents; at equal cost the site listed first still serves
    assert (found.site, found.knob, found.amount, found.unit) == ("s1", Knob.COST, -44, "cents")


def test_one_unit_that_lacks_is_told_by_its_product() -> None:
    here = replace(world(1, "nearest", sites=2), km=(10.0, 20.0), held=(0, 0), stock=((0, 9),) * 3)
    asked = order(1)._replace(refused_by=(), lines=order(1).lines[:1])
    sku, quantity = asked.lines[0]
    found = [each for each in explain(here.engine(), asked, NOW).counterfactuals if each.site == "s0"]
    assert [(each.knob, each.products) for each in found] == [(Knob.STOCK, {f"p{sku}": quantity})]
