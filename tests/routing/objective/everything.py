"""An objective with every penalty and credit on, in small random networks."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as cartesian
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.network.network import Network
from sim.routing.capacity.usage import Usage
from sim.routing.cost import ParcelCosts
from sim.routing.objective.config import ObjectiveBlock
from sim.routing.objective.penalty import Counters, PenaltyInputs
from sim.routing.objective.priced import OpenPrice, Priced
from sim.routing.offers.filters import of_kind
from sim.routing.offers.offers import Objective, Request, Share
from sim.routing.promise import Promises
from sim.routing.strategies.by_rules import site_columns
from sim.routing.strategies.cheapest import Cheapest
from tests.routing.instances import Instance, instances

EVERYTHING: dict[str, Any] = {
    "split": "1 USD",
    "late": {"base": "2 USD", "per_day": "1.50 USD"},
    "holding": {"per_unit_day": "0.10 USD", "share_per_day": "1 %"},
    "duty": {"share": "10 %", "to": {"FR": "20 %"}, "free_up_to": "50 USD"},
    "road": {"tiers": [{"start": "0 km", "end": "100 km", "price": "0.50 USD"}], "beyond": "2 USD"},
    "weight": {"base": "0.20 USD", "per_kg": "0.05 USD", "free": "1 kg"},
    "cartons": {"each": "0.80 USD", "holds": "2 l", "most": "20 kg"},
    "labour": {"per_hour": "20 USD", "wage": "wage", "parcel": "1 min", "line": "1 min", "unit": "30 s"},
    "site_charges": {"commission": "commission"},
    "priority": {"per_step": "0.30 USD"},
    "busy": {"counts": "units", "limit": "daily_limit", "start": "20 %", "at_limit": "4 USD"},
    "refusal": {"half_life": "2 days", "prior_refusals": 1, "prior_promises": 10, "refusal_cost": "5 USD"},
    "markdown": {"above": 1},
    "stock_out": {"until_receipt": "14 days"},
}

_countries = st.sampled_from(["DE", "FR"])
_site_knows = st.fixed_dictionaries(
    {},
    optional={
        "commission": st.sampled_from([-1.5, 0.0, 2.0]),
        "priority": st.integers(1, 4),
        "daily_limit": st.integers(1, 20),
        "markdown_credit": st.sampled_from([0.0, 1.0, 12.0]),
        "country": _countries,
        "wage": st.sampled_from([10.0, 40.0]),
    },
)
_product_knows = st.fixed_dictionaries(
    {}, optional={"markdown_credit": st.sampled_from([0.0, 0.5, 9.0]), "weekly_sales": st.sampled_from([0.5, 3.0])}
)


@st.composite
def known_instances(draw: st.DrawFn, **sizes: int) -> Instance:
    """Return an instance whose sites and products have attributes, and an order that somebody waits for."""
    instance = draw(instances(**sizes))
    net = instance.network
    known = replace(
        net,
        sites=tuple(
            replace(site, attributes=draw(_site_knows), walk_in_size=draw(st.sampled_from([0.0, 1.0, 2.5])))
            for site in net.sites
        ),
        products=tuple(replace(product, attributes=draw(_product_knows)) for product in net.products),
        places=tuple(replace(place, attributes={"country": draw(_countries)}) for place in net.places),
    )
    wanted_by = instance.now + draw(st.sampled_from([0.0, 2.0, 4.0, np.inf])) * 1440
    return replace(instance, network=known, order=instance.order._replace(wanted_by=wanted_by))


def priced(network: Network, block: dict[str, Any] | None = None, base: Objective | None = None) -> Priced:
    """Return cost with penalties, all of them unless told otherwise."""
    costs = ParcelCosts(network, of_kind(network, None))
    columns = site_columns(network)
    counters = Counters(Usage(network, columns), len(network.sites))
    made_with = PenaltyInputs(network, columns, costs, Promises(network), counters)
    penalties = ObjectiveBlock.model_validate(EVERYTHING if block is None else block).penalties(made_with)
    return Priced(base or Cheapest(costs), penalties)


def whole_total(request: Request, objective: Objective, offer: list[Share], open_price: OpenPrice) -> float:
    """Return what an offer comes to with what it leaves open."""
    left = list(request.wanted)
    total = 0.0 if offer else open_price.first_parcel
    for share in offer:
        total += float(request.feasible_scores(objective, share.basket)[share.site])
        left = [units - given for units, given in zip(left, share.basket, strict=True)]
    return total + open_price.of(request, tuple(left))


def every_offer(request: Request, max_parcels: int) -> list[list[Share]]:
    """Return every way to serve all, some or nothing of an order."""
    sites = range(len(request.rows[0]))
    found = []
    for columns in cartesian(*(list(_shared_out(quantity, len(sites))) for quantity in request.wanted)):
        offer = [Share(j, basket) for j, basket in enumerate(zip(*columns, strict=True)) if any(basket)]
        if len(offer) <= max_parcels:
            found.append(offer)
    return found


def _shared_out(quantity: int, sites: int) -> list[tuple[int, ...]]:
    if sites == 0:
        return [()]
    return [(here, *rest) for here in range(quantity + 1) for rest in _shared_out(quantity - here, sites - 1)]
