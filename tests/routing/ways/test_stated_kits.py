"""Kits that the configuration knows hold for every order that makes whole ones, in a simulated world too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.chance.tape import Tape
from sim.contract.messages import Line
from sim.errors import RoutingError
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.routing.ways.shops import CORNER, FAR, A, B, gives, order, told
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

STOCK = [[0, 4, 3, 0], [0, 1, 1, 0]]
SPLITS = {"kits": [{"A": 2, "B": 1}]}


@pytest.mark.parametrize("strategy", ["cheapest", "nearest", "ruled"])
def test_an_order_that_makes_whole_kits_gets_whole_kits(strategy: str) -> None:
    plan = told(STOCK, strategy, splits=SPLITS).route(order((A, 4), (B, 2)), 0)
    assert gives(plan.parcels) == {CORNER: {A: 2, B: 1}, FAR: {A: 2, B: 1}}


@pytest.mark.parametrize("lines", [((A, 4),), ((A, 5), (B, 2)), ((A, 4), (B, 1))])
def test_an_order_that_does_not_is_served_as_ever(lines: tuple[tuple[int, int], ...]) -> None:
    assert told(STOCK, splits=SPLITS).route(order(*lines), 0) == told(STOCK).route(order(*lines), 0)


def test_an_order_s_own_kits_go_before() -> None:
    own = ((Line(A, 4), Line(B, 2)),)
    plan = told(STOCK, splits=SPLITS).route(order((A, 4), (B, 2), kits=own), 0)
    assert plan.parcels == ()  # nobody has all of the one kit it makes


def test_an_unknown_product_is_told_by_name() -> None:
    with pytest.raises(RoutingError, match=r"splits.kits\[0\]: unknown product 'AA' - expected one of A, B"):
        told(STOCK, splits={"kits": [{"AA": 2}]})


def test_a_kit_in_a_world_is_never_split(tmp_path: Path) -> None:
    scenario = tiny(
        tmp_path,
        demand__lines_per_order={2: 1},
        demand__units_per_line={1: 1},
        walk_ins=...,
        site_kinds__store__stock__keeps={"store_boston": ["cables"], "store_oakland": ["cables"]},
        routing__splits={"kits": [{"A": 1, "B": 1}]},
    )
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "nearest", scenario.network))
    audit(ledger)
    kits, alone = 0, 0
    lines, picks = ledger.order_lines.columns(), ledger.picks.columns()
    for number in set(lines["order"]):
        skus = set(lines["sku"][lines["order"] == number])
        sent = len(set(picks["site"][picks["order"] == number]))
        kits += skus == {A, B} and sent == 1
        assert skus != {A, B} or sent <= 1
        alone += skus != {A, B} and sent == 2
    assert kits > 10
    assert alone > 0
