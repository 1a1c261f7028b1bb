"""The bound against everything tried by hand, and against what the real engine pays in the real world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.ledger.orders import orders_of
from sim.money.charges import charge
from sim.routing.build import build_engine
from sim.study.bound import clairvoyant
from sim.study.bound.clairvoyant import Problem, bound_of, lagrangian, problem_of
from sim.study.bound.supply import supply_of
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import SETTLED, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.laws.random_worlds import few
from tests.study.bound.by_hand import optimum
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

FROZEN: dict[str, Any] = {
    "replenishment": "none",
    "storefront__share_who_wait": "100 %",
    "clock__warm_up": "0 days",
    "clock__measure": "1 day",
    "clock__drain_limit": "4 days",
    "routing__strategies": {
        **{name: {"choose": name} for name in ("nearest", "cheapest", "fewest_parcels", "dc_first")},
        "bid_price": {"choose": "bid_price", "horizon": "1 day", "resolve_every": "6 h", "memory": "1 day"},
        "batch": {"choose": "batch", "window": "4 h"},
    },
}
STRATEGIES = tuple(FROZEN["routing__strategies"])
SCARCE = {f"site_kinds__{kind}__stock__{key}": value for kind in ("dc", "store") for key, value in {
    "days_of_cover": 0.2, "order_days": 0.1, "carried_from": 0, "supply_lead": "1 day"}.items()}  # fmt: skip

WORLDS = st.fixed_dictionaries(
    {
        "demand__shoppers_per_day": st.sampled_from([3, 8, 40]),
        "demand__lines_per_order": st.sampled_from([{1: 1}, {1: 0.5, 2: 0.5}]),
        "demand__units_per_line": st.sampled_from([{1: 1}, {1: 0.6, 2: 0.4}]),
        "demand__channels": st.just({"web": {"share": 0.6}, "app": {"share": 0.4}}),
        "walk_ins__units_per_store_day": st.sampled_from([0, 6]),
        "stock": st.sampled_from(["unified", "by_channel"]),
        "replenishment": st.sampled_from(["none", "forecast"]),
        "clock__warm_up": st.sampled_from(["0 days", "1 day"]),
        "site_kinds__dc__reach": st.sampled_from(["9000 km", "3000 km"]),
        "site_kinds__dc__stock__days_of_cover": st.sampled_from([0.1, 0.5]),
        "site_kinds__store__stock__days_of_cover": st.sampled_from([0.1, 0.5]),
        "site_kinds__store__feed": st.sampled_from(["1 min", "4 h"]),
        "penalties": st.sampled_from([None, {"cancelled": "5 USD"}]),
        "contacts": st.sampled_from([None, {"of_cancelled": "50 %", "cost": "5.50 USD"}]),
        "routing__max_parcels": st.sampled_from([1, 3]),
        "routing__safety_stock": st.sampled_from([{}, {"store": 1}]),
    }
)


def cents_paid(scenario: Scenario, tape: Tape, strategy: str) -> tuple[int, int]:
    """Return what the ledger books to the measured orders under a strategy, all settled, and how many they are."""
    ledger = simulate(scenario, tape, build_engine(routing_of(scenario), strategy, scenario.network))
    orders = orders_of(ledger)
    charge(ledger, scenario, orders, strategy)
    cohort = cohort_of(ledger, orders)
    usd, count = sums_of(cohort).pairs[SETTLED.name]
    return round(usd * 100) + int(cohort.charges["cents"].sum()), int(count)


@few
@given(changes=WORLDS, seed=st.integers(1, 99), strategy=st.sampled_from(STRATEGIES))
def test_no_strategy_pays_less_than_the_bound_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any], seed: int, strategy: str
) -> None:
    scenario = tiny(tmp_path_factory.mktemp("world"), **{**FROZEN, **SCARCE, **changes})
    tape = Tape(scenario, seed, 0)
    bound = bound_of(scenario, problem_of(scenario, tape))
    paid, orders = cents_paid(scenario, tape, strategy)
    assert orders == bound.orders
    assert bound.cents <= bound.found_cents
    assert bound.cents <= paid


@few
@given(
    seed=st.integers(1, 999),
    lines=st.sampled_from([{1: 1}, {1: 0.4, 2: 0.6}]),
    units=st.sampled_from([{1: 1}, {1: 0.7, 2: 0.3}]),
    stock=st.lists(st.integers(0, 2), min_size=16, max_size=16),
    penalty=st.sampled_from([None, {"cancelled": "30 USD"}]),
    prices=st.lists(st.floats(0, 4000), min_size=16, max_size=16),
)
def test_the_bound_is_what_trying_everything_finds_and_prices_give_no_more(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    lines: dict[int, float],
    units: dict[int, float],
    stock: list[int],
    penalty: dict[str, str] | None,
    prices: list[float],
) -> None:
    changes: dict[str, Any] = {
        "demand__shoppers_per_day": 4,
        "demand__lines_per_order": lines,
        "demand__units_per_line": units,
    }
    changes["penalties"] = penalty
    scenario = tiny(tmp_path_factory.mktemp("world"), **{**FROZEN, **changes})
    orders = [order for order in problem_of(scenario, Tape(scenario, seed, 0)).orders[:4] if _size(order) <= 3]
    problem = Problem(orders, np.array(stock).reshape(4, 4))
    exact = optimum(scenario, problem)
    bound = bound_of(scenario, problem)
    assert (bound.cents, bound.found_cents, bound.how) == (exact, exact, "exact")
    assert lagrangian(scenario, problem, np.array(prices).reshape(4, 4)) <= exact + 1e-6
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clairvoyant, "MOST_LISTED", 0)  # too many to be listed, as it were
        by_prices = bound_of(scenario, problem)
    assert by_prices.cents <= exact <= by_prices.found_cents


def _size(order: tuple[int, tuple[Any, ...]]) -> int:
    return sum(line[1] for line in order[1])


@pytest.fixture(scope="module")
def singles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Problem]:
    """Orders of one unit: the linear programme is a transportation problem, so its optimum is whole."""
    changes = {"demand__shoppers_per_day": 60, "demand__lines_per_order": {1: 1}, "demand__units_per_line": {1: 1}}
    scenario = tiny(tmp_path_factory.mktemp("singles"), **{**FROZEN, **SCARCE, **changes})
    return scenario, problem_of(scenario, Tape(scenario, 1, 0))


def test_where_the_programme_is_whole_the_prices_alone_are_exact(
    singles: tuple[Scenario, Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = bound_of(*singles)
    monkeypatch.setattr(clairvoyant, "MOST_LISTED", 0)
    by_prices = bound_of(*singles)
    assert 0 < by_prices.contested <= by_prices.orders
    assert by_prices.how == listed.how == "exact"
    assert by_prices.cents == listed.cents == by_prices.found_cents


def test_more_to_serve_from_never_costs_more(singles: tuple[Scenario, Problem]) -> None:
    scenario, problem = singles
    found = []
    for more in range(4):
        supply = problem.supply.copy()
        supply[:2, 1] += more
        found.append(bound_of(scenario, problem._replace(supply=supply)).cents)
    assert found == sorted(found, reverse=True)
    assert found[-1] < found[0]


def test_with_enough_everywhere_each_order_has_its_best_and_with_nothing_its_margin_is_lost(
    singles: tuple[Scenario, Problem],
) -> None:
    scenario, problem = singles
    plenty = bound_of(scenario, problem._replace(supply=np.full_like(problem.supply, 1000)))
    assert (plenty.contested, plenty.how) == (0, "exact")
    nothing = bound_of(scenario, problem._replace(supply=np.zeros_like(problem.supply)))
    products = scenario.network.products
    assert nothing.cents == sum(
        (products[line[0]].price_cents - products[line[0]].unit_cost_cents) * line[1]
        for _, lines in problem.orders
        for line in lines
    )
    assert plenty.cents < nothing.cents


def test_whoever_routes_what_is_received_is_what_the_tape_says(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, **{**FROZEN, **SCARCE, "replenishment": "forecast", "clock__measure": "6 days"})
    tape = Tape(scenario, 3, 0)
    supply = supply_of(scenario, tape)
    received = []
    for strategy in ("nearest", "dc_first"):
        ledger = simulate(scenario, tape, build_engine(routing_of(scenario), strategy, scenario.network))
        receipts = ledger.receipts.columns()
        came = np.zeros(supply.shape, dtype=np.int64)
        np.add.at(came, (receipts["sku"], receipts["site"]), receipts["quantity"])
        assert came.sum() > 0
        assert (ledger.opening_stock + came <= supply).all()
        until = 6 * 1440
        received.append([receipts[name][receipts["at"] < until].tolist() for name in ("at", "sku", "site", "quantity")])
    assert received[0] == received[1]


def test_an_order_too_large_to_be_split_in_every_way_is_refused(tmp_path: Path) -> None:
    from sim.contract.messages import Line
    from sim.errors import FulfillSimError

    scenario = tiny(tmp_path, **FROZEN)
    large = Problem([(0, tuple(Line(sku, 40) for sku in range(3)))], np.zeros((4, 4), dtype=np.int64))
    with pytest.raises(FulfillSimError, match=r"no bound: an order of 40 \+ 40 \+ 40 units has too many ways"):
        bound_of(scenario, large)
