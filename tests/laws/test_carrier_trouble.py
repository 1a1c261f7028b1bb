"""Laws of carriers on the shipped national network: what trouble, limits and the dock's choice do, on one tape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.scenario.blocks.carriers import ServiceBlock
from sim.scenario.load import Scenario, load
from sim.study.experiment import routing_of
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger

REGIONS = (
    ["NY", "NJ", "PA", "MA", "MD", "VA", "CT"],
    ["TX", "FL", "GA", "NC", "TN", "SC", "AL"],
    ["CA", "WA", "OR", "AZ"],
)
WEEK = {
    "per_year": 60, "lasts": {"law": "exponential", "mean": "2 days"},
    "late": {"share": "60 %", "extra_days": {1: "60 %", 3: "40 %"}},
}  # fmt: skip


def changed(scenario: Scenario, service: str, choice: str = "routing", **changes: Any) -> Scenario:
    """Return a scenario with keys of one of its services changed, measured for two days without walk-in customers."""
    raw = {**scenario.source.at(("carriers", "services", service)), "co2_per_tonne_km": "130 g", **changes}
    services = {**scenario.file.carriers.services, service: ServiceBlock.model_validate(raw)}
    carriers = scenario.file.carriers.model_copy(update={"services": services, "choice": choice})
    clock = scenario.file.clock.model_copy(update={"warm_up": 0})
    file = scenario.file.model_copy(update={"carriers": carriers, "clock": clock, "walk_ins": None})
    return replace(scenario, file=file).with_measured_days(2)


@pytest.fixture(scope="module")
def ledgers() -> dict[str, Ledger]:
    """Return what becomes of the same shoppers with the same luck."""
    shipped = load("us_electronics")
    worlds = {
        "watched": changed(shipped, "ground"),
        "spells": changed(shipped, "ground", spells=[{**WEEK, "to": states} for states in REGIONS]),
        "capped": changed(shipped, "ground", capacity={"per_site": 12}),
        "dock": changed(shipped, "ground", "hand_over"),
    }
    found = {}
    for name, scenario in worlds.items():
        router = build_engine(routing_of(scenario), "cheapest", scenario.network)
        found[name] = simulate(scenario, Tape(scenario, 1, 0), router)
        audit(found[name])
    return found


def dispersion(ledger: Ledger) -> float:
    """Return how much the late parcels of a day and region vary, over what they would if each was late by itself."""
    places = load("us_electronics").network.places
    region = np.array([next((k for k, states in enumerate(REGIONS) if p.state in states), -1) for p in places])
    trips, shoppers = ledger.trips.columns(), ledger.shoppers.columns()
    order = np.argsort(shoppers["order"])
    place = shoppers["place"][order][np.searchsorted(shoppers["order"][order], trips["order"])]
    kept = (region[place] >= 0) & (trips["service"] == 0)
    cell = (trips["at"] // 1440).astype(int)[kept] * 3 + region[place][kept]
    late = (trips["late_days"] > 0)[kept]
    parcels, of_cell = np.bincount(cell), np.bincount(cell, weights=late)
    some, share = parcels >= 20, late.mean()
    return float(((of_cell - parcels * share)[some] ** 2 / (parcels * share * (1 - share))[some]).mean())


def test_a_carriers_spell_shows_as_correlated_lateness(ledgers: dict[str, Ledger]) -> None:
    # with k cells, independent lateness gives 1 with a standard deviation of about sqrt(2 / k); there are some 20
    assert dispersion(ledgers["watched"]) < 1 + 4 * (2 / 20) ** 0.5
    assert dispersion(ledgers["spells"]) > 3 * dispersion(ledgers["watched"])


def test_a_spell_makes_the_parcels_of_its_region_late_and_no_others(ledgers: dict[str, Ledger]) -> None:
    usual, hit = (ledgers[name].trips.columns() for name in ("watched", "spells"))
    in_trouble = hit["in_trouble"] == 1
    assert 0.02 < in_trouble.mean() < 0.6
    assert (hit["late_days"][~in_trouble] == usual["late_days"][~in_trouble]).all()
    assert (hit["late_days"][in_trouble] > 0).mean() > 5 * (usual["late_days"][in_trouble] > 0).mean()


def test_a_limit_of_the_carrier_delays_and_never_speeds_up(ledgers: dict[str, Ledger]) -> None:
    usual, capped = (ledgers[name].parcels.columns() for name in ("watched", "capped"))
    assert (capped["handed_at"] >= usual["handed_at"]).all()
    assert (capped["delivered_at"] > usual["delivered_at"]).mean() > 0.01
    trips = ledgers["capped"].trips.columns()
    ground = trips["service"] == 0
    site = ledgers["capped"].parcels.columns()["site"][trips["parcel"]][ground]
    most = np.unique(np.stack([site, (trips["at"][ground] // 1440).astype(int)]), axis=1, return_counts=True)[1].max()
    assert most == 12


def test_a_limit_costs_promises(ledgers: dict[str, Ledger]) -> None:
    kept = {}
    for name in ("watched", "capped"):
        orders = orders_of(ledgers[name])
        kept[name] = (orders["delivered_at"] <= orders["promised_delivery"] + 1e-6)[orders["measured"]].mean()
    assert kept["capped"] < kept["watched"]


def test_the_dock_never_pays_more_for_a_label_than_the_router_where_its_choice_keeps_the_promise(
    ledgers: dict[str, Ledger],
) -> None:
    usual, dock = (ledgers[name].parcels.columns() for name in ("watched", "dock"))
    trips = ledgers["watched"].trips.columns()
    promised = dict(zip(*(ledgers["watched"].decisions.columns()[c] for c in ("order", "deliver_at")), strict=True))
    in_time = np.array([at <= promised[o] + 1e-6 for o, at in zip(trips["order"], trips["published_at"], strict=True)])
    rows = trips["parcel"][in_time]
    assert (dock["label_cents"][rows] <= usual["label_cents"][rows]).all()
