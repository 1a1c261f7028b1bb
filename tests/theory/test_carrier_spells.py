"""Spells of trouble: lateness comes correlated, as much as an alternating renewal process says.

Spells begin at a rate a day while none lasts and last L days on average, both exponential, so a share
pi = L / (L + 1 / rate) of the time is trouble, and trouble at one time and at another t days later have covariance
pi (1 - pi) exp(-t / tau) with 1 / tau = 1 / L + rate. In a spell a share q of parcels is late, otherwise p.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.spells import trouble
from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.carried import AT_ONCE, GROUND, sent
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

A_DAY, DAYS = 12, 600
PER_YEAR, LENGTH = 36.5, 5.0
RATE = PER_YEAR / 365
P, Q = 0.1, 0.7
PI = LENGTH / (LENGTH + 1 / RATE)
TAU = 1 / (1 / LENGTH + RATE)


def late_law(share: float) -> dict[str, Any]:
    """Return a share of parcels that is a day late."""
    return {"share": share, "extra_days": {1: 1}}


SPELLS = {"per_year": PER_YEAR, "lasts": {"law": "exponential", "mean": f"{LENGTH} days"}, "late": late_law(Q)}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return two years of a dozen parcels a day, whose lucks are spread evenly over each day in another order."""
    scenario = stocked(
        tmp_path_factory.mktemp("spells"), {(CABLE, DC_EAST): A_DAY * DAYS}, clock__measure=f"{DAYS} days",
        carriers__services={"ground": GROUND | {"late": late_law(P), "spells": [SPELLS]}}, **AT_ONCE,
    )  # fmt: skip
    luck = np.random.default_rng(7).random((DAYS, A_DAY))
    shoppers = [
        shopper(day * A_DAY + k + 1, at(day, 8, k), {CABLE: 1}, luck=(0.5, 0.5, float(luck[day, k]), 0.5) * 4)
        for day in range(DAYS)
        for k in range(A_DAY)
    ]
    found = simulate(scenario, HandMadeTape(scenario, shoppers), ObedientRouter(all_from(DC_EAST)))
    audit(found)
    return found


@pytest.fixture(scope="module")
def late_by_day(ledger: Ledger) -> NDArray[np.float64]:
    """Return whether each parcel was late, shape (days, parcels)."""
    late: NDArray[np.float64] = (ledger.trips.columns()["late_days"] > 0).astype(float).reshape(DAYS, A_DAY)
    return late


def test_the_share_of_time_in_trouble_is_that_of_a_renewal_process(ledger: Ledger) -> None:
    band = 4 * (2 * PI * (1 - PI) * TAU / DAYS) ** 0.5
    assert ledger.trips.columns()["in_trouble"].mean() == pytest.approx(PI, abs=band)


def test_a_parcel_is_late_by_the_law_it_was_handed_into(ledger: Ledger) -> None:
    trips = ledger.trips.columns()
    for in_trouble, share in ((0, P), (1, Q)):
        late = trips["late_days"][trips["in_trouble"] == in_trouble] > 0
        assert late.mean() == pytest.approx(share, abs=4 * (share * (1 - share) / len(late)) ** 0.5)


def test_the_share_of_late_parcels_is_the_mixture(late_by_day: NDArray[np.float64]) -> None:
    share = (1 - PI) * P + PI * Q
    variance = 2 * PI * (1 - PI) * TAU * (Q - P) ** 2 / DAYS + share * (1 - share) / late_by_day.size
    assert late_by_day.mean() == pytest.approx(share, abs=4 * variance**0.5)


def test_a_days_lateness_varies_as_much_as_correlated_parcels_do(late_by_day: NDArray[np.float64]) -> None:
    # var(share of a day) = E[late (1 - late)] / n + var(late probability); given the share of time in trouble
    of_time = (late_by_day.mean() - P) / (Q - P)
    within = ((1 - of_time) * P * (1 - P) + of_time * Q * (1 - Q)) / A_DAY
    between = of_time * (1 - of_time) * (Q - P) ** 2
    found = float(late_by_day.mean(axis=1).var())
    assert found == pytest.approx(within + between, rel=0.1)
    independent = late_by_day.mean() * (1 - late_by_day.mean()) / A_DAY
    assert found > 3 * independent


def test_two_parcels_of_a_day_are_late_together(late_by_day: NDArray[np.float64]) -> None:
    # the correlation of two parcels of a day is var(probability) / var(late)
    share = late_by_day.mean()
    of_time = (share - P) / (Q - P)
    expected = of_time * (1 - of_time) * (Q - P) ** 2 / (share * (1 - share))
    one, other = late_by_day[:, : A_DAY // 2].ravel(), late_by_day[:, A_DAY // 2 :].ravel()
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(expected, abs=4 / len(one) ** 0.5)


def test_without_spells_they_are_not(tmp_path: Path) -> None:
    luck = np.random.default_rng(3).random(400)
    moments = [at(k // 20, 8, k % 20) for k in range(400)]
    late = []
    for k in range(2):
        trips = sent(
            tmp_path / str(k), moments[k::2], {"ground": GROUND | {"late": late_law(0.3), "co2_per_tonne_km": "1 g"}},
            clock__measure="21 days", lateness=luck[k::2].tolist(),
        ).trips.columns()  # fmt: skip
        late.append((trips["late_days"] > 0).astype(float))
    assert abs(np.corrcoef(*late)[0, 1]) < 4 / 200**0.5


def test_spells_are_a_luck_of_the_service_alone(tmp_path: Path) -> None:
    # another spell, another service and another demand leave them where they are
    other = SPELLS | {"per_year": 5, "to": ["CA"]}
    worlds = (
        {"carriers__services": {"ground": GROUND | {"spells": [SPELLS]}}},
        {"carriers__services": {"air": GROUND, "ground": GROUND | {"spells": [SPELLS, other]}},
         "demand__shoppers_per_day": 5},
    )  # fmt: skip
    found = []
    for k, changes in enumerate(worlds):
        scenario = tiny(tmp_path / str(k), clock__measure="300 days", **changes)
        found.append(trouble(scenario, Tape(scenario, 1, 0))[-1][0])
    assert found[0] == found[1]
    assert len(found[0]) > 5
