"""A strategy that draws sites by a plan: its draws, its fall-back, and that all of it can be repeated."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.contract.messages import Line, Order
from sim.network.network import Network
from sim.routing.cost import ParcelCosts
from sim.routing.decision_log import replay
from sim.routing.hashed import uniforms
from sim.routing.offers.offers import Request, Share
from sim.routing.prices.planner import NOBODY, Planner, PlanRule, Shares
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.lp_rounding import LpRounding
from sim.routing.strategies.rounding import METHODS
from tests.routing.test_decision_log import MORE, deployment_with, examined
from tests.tiny import tiny

DRAWS = 10_000
PLENTY = np.full((4, 4), 9, dtype=np.int32)
BOSTON = 0
LINES = (Line(0, 1), Line(1, 2), Line(2, 1))
PLAN = [Shares([0, 1, 2], [0.5, 0.3, 0.2]), Shares([0, 1, 3], [0.1, 0.6, 0.3]), Shares([1, 2], [0.75, 0.25])]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return tiny(tmp_path_factory.mktemp("tiny")).network


def strategy(network: Network, method: str = "jasin_sinha", plan: list[Any] | None = PLAN, most: int = 3) -> LpRounding:
    may_serve = np.ones(4, dtype=bool)
    costs = ParcelCosts(network, may_serve)
    planner = Planner(network, costs, may_serve, PlanRule(1.0, 1440.0, 7.0, 0.0))
    if plan is not None:
        planner.write(BOSTON, [0, 1, 2], plan)
    return LpRounding(planner, Cheapest(costs), most, method, seed=5)


def request(
    number: int = 1, stock: NDArray[np.int32] = PLENTY, lines: tuple[Line, ...] = LINES, **more: Any
) -> Request:
    return Request(Order(number, 600.0, BOSTON, lines, **more), stock, 600.0)


def site_of(shares: list[Share], line: int) -> int:
    [site] = [share.site for share in shares if share.basket[line]]
    return site


@pytest.mark.parametrize("method", METHODS)
def test_each_line_goes_to_each_site_as_often_as_the_plan_says(network: Network, method: str) -> None:
    decider = strategy(network, method)
    drawn = [decider.drawn(request(number)) for number in range(DRAWS)]
    for line, (sites, shares) in enumerate(PLAN):
        seen = np.bincount([site_of(each, line) for each in drawn], minlength=4) / DRAWS
        for site, share in zip(sites, shares, strict=True):
            assert seen[site] == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / DRAWS))
        assert seen[sites].sum() == pytest.approx(1.0)


def parcels(method: str, shares: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean number of sites drawn, and its standard error."""
    drawn = METHODS[method](shares, hashed_luck())
    count = np.array([len(set(row)) for row in drawn.tolist()])
    return float(count.mean()), float(count.std() / np.sqrt(len(count)))


@lru_cache(maxsize=1)
def hashed_luck() -> NDArray[np.float64]:
    return np.array([uniforms(5, 5, number, 0) for number in range(DRAWS)])


@st.composite
def share_tables(draw: st.DrawFn) -> NDArray[np.float64]:
    rows = st.lists(st.integers(0, 4), min_size=4, max_size=4).filter(any)
    table = np.array([draw(rows) for _ in range(draw(st.integers(2, 4)))], dtype=float)
    return table / table.sum(axis=1, keepdims=True)


@settings(deadline=None, max_examples=40)
@given(shares=share_tables())
def test_drawn_by_layers_an_order_never_has_more_parcels_than_drawn_line_by_line(shares: NDArray[np.float64]) -> None:
    together, error = parcels("jasin_sinha", shares)
    # line by line: site k sends a parcel unless no line is drawn there
    alone = float((1 - np.prod(1 - shares, axis=0)).sum())
    assert together <= alone + 4.5 * error + 1e-9


@pytest.mark.parametrize("method", ["jasin_sinha", "ma"])
def test_lines_of_equal_shares_travel_together(network: Network, method: str) -> None:
    decider = strategy(network, method, [Shares([0, 1], [0.4, 0.6])] * 3)
    assert {len(decider.drawn(request(number))) for number in range(300)} == {1}
    assert {decider.drawn(request(number))[0].site for number in range(300)} == {0, 1}


def test_another_attempt_draws_anew_and_the_same_one_the_same(network: Network) -> None:
    plan = [Shares([0, 1, 2], [0.4, 0.3, 0.3])]
    decider = strategy(network, plan=[*plan, None, None])
    first = [decider.drawn(request(n, lines=LINES[:1])) for n in range(200)]
    again = [decider.drawn(request(n, lines=LINES[:1])) for n in range(200)]
    refused = [decider.drawn(request(n, lines=LINES[:1], refused_by=(3,))) for n in range(200)]
    assert first == again
    assert 60 < sum(a != b for a, b in zip(first, refused, strict=True)) < 180


EMPTY_AT_0 = PLENTY * np.array([0, 1, 1, 1], dtype=np.int32)
SURE = [Shares([0], [1.0]), Shares([1], [1.0]), Shares([2], [1.0])]


@pytest.mark.parametrize(
    ("plan", "more", "most"),
    [
        (None, {}, 3),  # no plan
        (SURE, {"stock": EMPTY_AT_0}, 3),  # a drawn site lacks the stock
        (SURE, {"refused_by": (1,)}, 3),  # a drawn site has refused
        ([Shares([NOBODY], [1.0]), *SURE[1:]], {}, 3),  # planned for nobody
        (SURE, {}, 2),  # more sites than an order may be split over
    ],
)
def test_where_the_plan_cannot_be_followed_the_exact_choice_is_made(
    network: Network, plan: list[Shares] | None, more: dict[str, Any], most: int
) -> None:
    decider = strategy(network, plan=plan, most=most)
    assert decider.drawn(request(**more)) == []
    exact = strategy(network, plan=None, most=most)
    assert decider.choose(request(**more)) == exact.choose(request(**more)) != []


def test_a_line_without_a_plan_comes_from_where_it_is_best_alone(network: Network) -> None:
    decider = strategy(network, plan=[Shares([1], [1.0]), None, None])
    best = strategy(network, plan=None).choose(request(lines=(LINES[1],)))[0].site
    drawn = decider.drawn(request())
    assert (site_of(drawn, 0), site_of(drawn, 1)) == (1, best)


ROUNDED: dict[str, Any] = {
    "choose": "lp_rounding", "horizon": "2 days", "resolve_every": "4 h", "memory": "7 days", "lost_unit": "50 USD",
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_its_decisions_are_logged_and_repeated_byte_for_byte(
    tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MORE, "rounded", ROUNDED | {"method": method})
    here = deployment_with(tmp_path, "rounded")
    lines = examined(here, 60).splitlines()
    assert sum(b'"plan":[[' in line or b",[[" in line for line in lines) > 10
    assert [line for line in replay(lines, here.wire, here.version, here.engine()) if not line.equal] == []


def test_the_log_is_the_same_under_another_hash_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MORE, "rounded", ROUNDED)
    log = examined(deployment_with(tmp_path / "tiny", "rounded"), 40)
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.routing.test_decision_log import MORE, deployment_with, examined\n"
        f"MORE['rounded'] = {ROUNDED!r}\n"
        f"sys.stdout.buffer.write(examined(deployment_with(Path({str(tmp_path / 'other')!r}), 'rounded'), 40))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stdout == log
