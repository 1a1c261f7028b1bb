"""One product, no replenishment, partial fill: what is served is all there is or all that is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.laws.random_worlds import STRATEGIES
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

FOUR_SITES = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Return a world in which every shopper orders, and nobody but them takes anything."""
    return tiny(
        tmp_path_factory.mktemp("one_product"), {"products.csv": TABLES["products.csv"][:2]}, replenishment="none",
        walk_ins=..., clock__warm_up="0 days", clock__drain_limit="1 day", storefront__share_who_wait=1,
        demand__units_per_line={1: 0.6, 2: 0.3, 5: 0.1}, routing__max_parcels=4, routing__backorders=...,
    )  # fmt: skip


def filled(scenario: Scenario, stock: list[int], strategy: str) -> tuple[float, float]:
    """Return units served at once, and units wanted, with so many units at each site."""
    stocked = replace(scenario, opening_stock=np.array([stock], dtype=np.int32))
    router = build_engine(routing_of(scenario), strategy, scenario.network)
    ledger = simulate(stocked, Tape(stocked, 1, 0), router)
    audit(ledger)
    return sums_of(cohort_of(ledger)).pairs["unit_fill_rate"]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(stock=FOUR_SITES, strategy=st.sampled_from(STRATEGIES))
def test_units_are_served_as_long_as_anybody_has_one(scenario: Scenario, stock: list[int], strategy: str) -> None:
    served, wanted = filled(scenario, stock, strategy)
    assert served == min(sum(stock[:2] if strategy == "siloed" else stock), wanted)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(stock=FOUR_SITES, more=FOUR_SITES, strategy=st.sampled_from(STRATEGIES))
def test_more_stock_on_the_same_tape_never_lowers_the_unit_fill_rate(
    scenario: Scenario, stock: list[int], more: list[int], strategy: str
) -> None:
    served, wanted = filled(scenario, stock, strategy)
    served_of_more, wanted_again = filled(scenario, [a + b for a, b in zip(stock, more, strict=True)], strategy)
    assert wanted_again == wanted
    assert served_of_more >= served
