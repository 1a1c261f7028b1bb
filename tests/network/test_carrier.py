from __future__ import annotations

import numpy as np
import pytest

from sim.network.carrier import TIMINGS, Tariff
from sim.units import KG_PER_LB
from tests.networks import service

STEPS = [[700, 800], [900, 1100], [1500, 1900]]
GROUND = service(STEPS, max_lb=(1.0, 2.0, 70.0), business_days=(1, 4))


@pytest.mark.parametrize(
    ("pounds", "step"),
    [
        (0.0, (1, 0)),
        (1.0, (1, 0)),
        (1.0001, (1, 1)),
        (2.0, (1, 1)),
        (2.0001, (1, 2)),
        (70.0, (1, 2)),
        (70.0001, (2, 2)),  # two packages of 35 lb
        (140.0, (2, 2)),
        (140.0001, (3, 2)),
    ],
)
def test_a_rate_step_includes_its_upper_weight(pounds: float, step: tuple[int, int]) -> None:
    assert GROUND.step(pounds * KG_PER_LB, 0.0) == step


def test_a_weight_that_divides_evenly_into_light_packages_falls_into_their_step() -> None:
    up_to_five = service([[700], [900]], max_lb=(3.0, 5.0))
    assert up_to_five.step(6 * KG_PER_LB, 0.0) == (2, 0)


def test_there_is_no_price_without_a_lane() -> None:
    assert GROUND.cents((1, 0)).tolist() == [np.inf, 700, 800]


def test_a_service_that_does_not_split_parcels_takes_none_above_its_heaviest_step() -> None:
    light = service([[500, 600]], max_lb=(1.0,), in_packages=False)
    assert light.cents(light.step(KG_PER_LB, 0.0)).tolist() == [np.inf, 500, 600]
    assert np.isinf(light.cents(light.step(1.0001 * KG_PER_LB, 0.0))).all()


def rates(day_value_cents: float = 0.0, pounds: float = 1.0) -> list[tuple[float, int, int]]:
    """Return price, service and days by zone, of a slow and a fast service."""
    fast = service([[900, 850], [950, 1000], [1400, 2500]], max_lb=(1.0, 2.0, 70.0), business_days=(1, 2))
    return Tariff((GROUND, fast), day_value_cents).rates(pounds * KG_PER_LB, 0.0).by_zone[1:]


def test_in_each_zone_the_cheaper_service_is_taken() -> None:
    assert rates(pounds=1.0) == [(700, 0, 1), (800, 0, 4)]
    assert rates(pounds=2.0) == [(900, 0, 1), (1000, 1, 2)]
    assert rates(pounds=3.0) == [(1400, 1, 1), (1900, 0, 4)]


@pytest.mark.parametrize(("day_value", "chosen"), [(24.9, 0), (25.0, 0), (25.1, 1)])
def test_a_day_saved_is_worth_its_value_and_no_more(day_value: float, chosen: int) -> None:
    # in zone 2 the fast service costs 50 cents more and saves two days; of equals the first is taken
    assert rates(day_value)[1] == [(800, 0, 4), (850, 1, 2)][chosen]


def test_what_is_paid_is_the_price_without_the_value_of_days() -> None:
    assert rates(day_value_cents=1000.0) == [(700, 0, 1), (850, 1, 2)]


def test_a_service_that_cannot_take_a_parcel_is_not_chosen_for_it() -> None:
    light = service([[100, 100]], max_lb=(1.0,), in_packages=False, business_days=(1, 1))
    tariff = Tariff((light, GROUND))
    assert [by_zone[1] for by_zone in tariff.rates(KG_PER_LB, 0.0).by_zone[1:]] == [0, 0]
    assert tariff.rates(1.5 * KG_PER_LB, 0.0).by_zone[1:] == [(900, 1, 1), (1100, 1, 4)]


def test_the_timing_of_a_parcel_names_its_service_and_its_days() -> None:
    found = Tariff((GROUND, service([[1000, 700]], business_days=(1, 2)))).rates(0.1, 0.0)
    assert found.timing[1:].tolist() == [0 * TIMINGS + 1, 1 * TIMINGS + 2]


def test_the_least_price_from_a_zone_on_looks_beyond_it() -> None:
    falling = service([[900, 600, 800]])
    assert Tariff((falling,)).rates(0.1, 0.0).least_from == [600, 600, 600, 800]


def test_parcels_of_one_step_share_one_answer() -> None:
    tariff = Tariff((GROUND,))
    assert tariff.rates(0.5 * KG_PER_LB, 0.0) is tariff.rates(0.9 * KG_PER_LB, 0.0)
