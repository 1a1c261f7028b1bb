"""Sites to which goods are brought are places of the engine's own network."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.network.carrier import Tariff
from sim.routing.ways.arrivals import with_arrivals
from tests.routing.ways.shops import CORNER, DC, FAR, shops


def test_they_stand_behind_the_places_where_shoppers_live() -> None:
    network, places = with_arrivals(shops(), [], [CORNER, FAR], 0.0, 1)
    assert [place.id for place in network.places] == ["home", "store_10", "store_60"]
    assert places == {CORNER: 1, FAR: 2}
    assert [place.population for place in network.places[1:]] == [0, 0]


def test_by_carrier_they_lie_in_the_zone_of_their_distance() -> None:
    network, places = with_arrivals(shops(), [], [CORNER], 0.0, 1)
    # the warehouse at 290 km, the shop itself, the others at 50 and 190 km; zones end at 100 and 500 km
    assert network.zone[places[CORNER]].tolist() == [2, 1, 1, 2]


def test_trucks_go_there_from_everywhere_at_one_price_and_carriers_do_not() -> None:
    network, places = with_arrivals(shops(), [CORNER], [FAR], 250.0, 4)
    assert network.zone[places[CORNER]].tolist() == [4] * 4
    assert network.zone[places[FAR]].tolist() == [2, 1, 1, 2]
    light, heavy = (Tariff(network.services).rates(weight, 1000.0).by_zone for weight in (0.1, 400.0))
    assert light[4] == heavy[4] == (250.0, 1, 4)


@pytest.mark.parametrize("weight", [0.1, 30.0, 400.0])
def test_parcels_to_shoppers_cost_what_they_did(weight: float) -> None:
    before = Tariff(shops().services).rates(weight, 1000.0).by_zone
    network, _ = with_arrivals(shops(), [CORNER], [], 250.0, 4)
    assert Tariff(network.services).rates(weight, 1000.0).by_zone[1:4] == before[1:]


def test_the_network_that_was_given_stays_as_it_was() -> None:
    given = shops()
    zone = given.zone.copy()
    network, _ = with_arrivals(given, [CORNER], [DC], 250.0, 4)
    assert len(given.places) == len(given.services) == 1
    assert np.array_equal(given.zone, zone)
    assert math.isinf(network.services[0].cents((1, 0))[4])
