"""The ledger as it is opened: what is there, what is on its way, and what everyone knows of goods, sites and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.ledger import Ledger
from sim.network.regions import region_of
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from sim.chance.supply import Opening
    from sim.scenario.load import Scenario


def opened(scenario: Scenario, opening: Opening, measured: tuple[float, float]) -> Ledger:
    """Return a run's ledger before anything has happened."""
    limits = [scenario.file.storefront.listing(name).cancellation_limit for name in scenario.channels]
    in_transit = np.zeros_like(opening.on_hand)
    if scenario.file.replenishment != "none" or scenario.opening_receipts is not None:
        np.add.at(in_transit.reshape(-1), opening.cells, opening.units)
    carrying = scenario.file.carrying
    ledger = Ledger(
        opening.on_hand,
        np.zeros_like(opening.on_hand),
        measured,
        {channel: limit for channel, limit in enumerate(limits) if limit is not None},
        opening_in_transit=in_transit,
        closing_in_transit=in_transit.copy(),
        obsolescence_share=0.0 if not carrying or not carrying.obsolescence else
        carrying.obsolescence / (carrying.holding + carrying.obsolescence),
    )  # fmt: skip
    network = scenario.network
    for sku, product in enumerate(network.products):
        ledger.products.append((sku, product.price_cents, product.unit_cost_cents, product.volume_cm3))
    for j, (site, block) in enumerate(zip(network.sites, scenario.site_blocks, strict=True)):
        from_dc = block.stock.supplied_by == "dc"
        ledger.sites.append((j, site.id, site.kind.value, site.kind is not SiteKind.VENDOR, from_dc))
    for i, place in enumerate(network.places):
        ledger.places.append((i, region_of(place.state)))
    return ledger
