from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.network.geo import EARTH_RADIUS_KM, great_circle_km, zones
from sim.network.lane import Lane
from sim.network.site import Place
from tests.networks import network, site

NEW_YORK, LOS_ANGELES = (40.7128, -74.0060), (34.0522, -118.2437)
LONDON, PARIS = (51.5074, -0.1278), (48.8566, 2.3522)
TOKYO, SYDNEY = (35.6762, 139.6503), (-33.8688, 151.2093)
SUVA, APIA = (-18.1416, 178.4419), (-13.8333, -171.7500)
NORTH_POLE, SOUTH_POLE = (90.0, 0.0), (-90.0, 77.0)
DEGREE_KM = EARTH_RADIUS_KM * math.pi / 180

Point = tuple[float, float]


def km(one: Point, other: Point) -> float:
    (lat_a, lon_a), (lat_b, lon_b) = one, other
    return float(great_circle_km(*(np.array([value]) for value in (lat_a, lon_a, lat_b, lon_b)))[0, 0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (NEW_YORK, LOS_ANGELES, 3936),
        (NEW_YORK, LONDON, 5570),
        (LONDON, PARIS, 344),
        (TOKYO, SYDNEY, 7823),
        (SUVA, APIA, 1151),  # on either side of the antimeridian
    ],
)
def test_cities_are_as_far_apart_as_an_atlas_says(one: Point, other: Point, expected: float) -> None:
    assert km(one, other) == pytest.approx(expected, rel=0.003)


@pytest.mark.parametrize(
    ("one", "other", "degrees"),
    [
        ((0, 0), (0, 1), 1),
        ((0, 179.5), (0, -179.5), 1),  # over the antimeridian
        ((10, 180), (10, -180), 0),  # the same meridian by its two names
        (NORTH_POLE, (90.0, 123.0), 0),  # every longitude is the same point there
        (NORTH_POLE, (0, 45), 90),
        (NORTH_POLE, SOUTH_POLE, 180),
        ((89, 0), (89, 180), 2),  # straight over the pole
        ((0, 0), (0, 180), 180),
        ((30, 20), (-30, -160), 180),  # antipodes, where rounding might leave the arcsine's domain
    ],
)
def test_a_degree_of_a_great_circle_is_the_same_everywhere(one: Point, other: Point, degrees: float) -> None:
    assert km(one, other) == pytest.approx(degrees * DEGREE_KM, abs=1e-6)


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(one=points, other=points)
def test_distance_is_the_angle_between_two_directions(one: Point, other: Point) -> None:
    def direction(point: Point) -> np.ndarray:
        lat, lon = map(math.radians, point)
        return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    a, b = direction(one), direction(other)
    angle = math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
    assert km(one, other) == pytest.approx(EARTH_RADIUS_KM * angle, abs=1e-3)
    assert km(one, other) == pytest.approx(km(other, one), abs=1e-6)


def test_distances_are_from_each_to_each() -> None:
    lat, lon = np.array([0.0, 0.0]), np.array([0.0, 1.0])
    table = great_circle_km(lat, lon, np.array([0.0, 0.0, 0.0]), np.array([0.0, 1.0, 2.0])) / DEGREE_KM
    assert table == pytest.approx(np.array([[0, 1, 2], [1, 0, 1]]))


@pytest.mark.parametrize(
    ("distance", "zone"),
    [(0, 1), (99.999, 1), (100, 1), (np.nextafter(100, 101), 2), (500, 2), (500.001, 3), (20_000, 3)],
)
def test_a_zone_ends_at_its_edge_and_includes_it(distance: float, zone: int) -> None:
    assert zones(np.array([distance]), (100.0, 500.0)).tolist() == [zone]


def test_a_network_has_no_lane_beyond_a_sites_reach_and_has_one_right_at_it() -> None:
    net = network([site(150.0), site(150.0, reach_km=150.1), site(150.0, reach_km=149.9)])
    assert net.zone.tolist() == net.zone_lists == [[2, 2, 0]]
    exactly = network([site(150.0, reach_km=float(net.distance_km[0, 0]))])
    assert exactly.zone.tolist() == [[2]]


def test_lanes_run_from_sites_to_places() -> None:
    homes = tuple(Place(f"home {lon}", "", "", 0.0, lon, "UTC", 1) for lon in (0.0, 2.0, 40.0))
    net = network([site(0.0), site(300.0)], places=homes)
    assert net.distance_km.shape == (3, 2)
    assert net.zone.tolist() == [[1, 2], [2, 1], [3, 3]]


def test_lanes_of_their_own_hold_between_sites_as_they_do_to_shoppers() -> None:
    ends = [site(0.0, id="a"), site(90.0, id="b"), site(300.0, id="c")]
    homes = tuple(Place(f"home {each.id}", "", "", each.lat, each.lon, "UTC", 1) for each in ends)
    courier = Lane((), (), instead_of=2, zone=4, within_km=250.0)  # b and c are 210 km apart, a and c 300
    net = replace(network(ends, places=homes), lanes=(courier,))
    assert net.zone_between == net.zone_lists == [[1, 1, 2], [1, 1, 4], [2, 4, 1]]
