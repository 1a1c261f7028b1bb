"""Orders on offer: who is asked, who gets them, and that nobody is promised what was offered to others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.contract.messages import Decision, Hold, Line, OnOffer, Order, Plan
from sim.contract.news import Cancellation, Claim, Refusal, Unclaim
from sim.contract.wire import Wire
from sim.errors import RoutingError
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import replay
from tests.routing.joint.test_engine import (
    BOSTON_STORE,
    CABLE,
    EAST,
    HEADPHONES,
    NINE,
    OAKLAND_STORE,
    WEST,
    Told,
    order,
    sites,
)
from tests.routing.test_decision_log import MORE, deployment_with, examined
from tests.tiny import tiny

# For a cable to Boston the four sites cost the more the farther they are.
EVERYWHERE = {(CABLE, site): 1 for site in (EAST, WEST, BOSTON_STORE, OAKLAND_STORE)}
LATER = NINE + 10


def offering(folder: Path, stock: dict[tuple[int, int], int] = EVERYWHERE, **how: Any) -> Told:
    """Return an engine that asks two sites for ten minutes, once."""
    told = Told(folder, {})
    claims = {"candidates": 2, "timeout": "10 min"} | how
    routing = {"max_parcels": 3, "strategies": {"asks": {"choose": "cheapest", "claims": claims}}}
    told.engine = build_engine(RoutingConfig.model_validate(routing), "asks", tiny(folder).network)
    told.hear(0.0, {cell: (units, 0) for cell, units in stock.items()})
    return told


def asked(told: Told, one: Order, now: float = NINE) -> tuple[int, ...]:
    answer = told.engine.route(one, now)
    assert isinstance(answer, Hold)
    return answer.offered_to


def decided(told: Told, now: float) -> tuple[list[int], str]:
    [decision] = told.engine.tick(now)
    assert isinstance(decision, Decision)
    return sites(decision), decision.plan.reason


def test_the_best_sites_that_could_serve_all_of_it_are_asked(tmp_path: Path) -> None:
    told = offering(tmp_path)
    first, second = asked(told, order(1))
    alone = [Told(tmp_path, {(CABLE, site): 1}, window="0 min").send(order(1), NINE) for site in range(4)]
    cents = [sum(plan.parcels[0].cents) for plan in alone]
    assert [cents[first], cents[second]] == sorted(cents)[:2]
    assert told.engine.next_wake() == NINE + 10


def test_the_first_to_claim_it_has_it_at_once(tmp_path: Path) -> None:
    told = offering(tmp_path)
    _, second = asked(told, order(1))
    told.engine.observe(Claim(NINE + 3, 1, second))
    assert told.engine.next_wake() == NINE + 3
    assert decided(told, NINE + 3) == ([second], "claimed")
    assert told.shown() == [3, 0, 0, 0]
    assert told.engine.next_wake() is None


def test_who_comes_second_and_who_was_not_asked_are_told_so(tmp_path: Path) -> None:
    told = offering(tmp_path)
    first, second = asked(told, order(1))
    told.engine.observe(Claim(NINE + 3, 1, second))
    with pytest.raises(RoutingError, match="order 1 has been claimed before, by"):
        told.engine.observe(Claim(NINE + 4, 1, first))
    for number, site in ((1, ({0, 1, 2, 3} - {first, second}).pop()), (7, first)):
        with pytest.raises(RoutingError, match=rf"order {number} is not on offer to \w+, or no longer"):
            told.engine.observe(Claim(NINE + 4, number, site))
    assert decided(told, NINE + 5)[0] == [second]


def test_when_nobody_claims_it_the_strategy_decides(tmp_path: Path) -> None:
    told = offering(tmp_path)
    first, _ = asked(told, order(1))
    assert told.engine.tick(NINE + 9) == []
    assert decided(told, LATER) == ([first], "whole")


def test_others_are_asked_next_for_as_many_rounds_as_there_are(tmp_path: Path) -> None:
    told = offering(tmp_path, rounds=3)
    before = asked(told, order(1))
    [offer] = told.engine.tick(LATER)
    assert isinstance(offer, OnOffer)
    assert (offer.order, offer.until) == (1, LATER + 10)
    assert set(before) | set(offer.offered_to) == {EAST, WEST, BOSTON_STORE, OAKLAND_STORE}
    # nobody is left for the third round
    assert decided(told, LATER + 10) == ([before[0]], "whole")


def test_who_says_no_is_passed_over_and_when_all_do_nobody_waits(tmp_path: Path) -> None:
    told = offering(tmp_path)
    first, second = asked(told, order(1))
    told.engine.observe(Claim(NINE + 1, 1, first))
    told.engine.observe(Unclaim(NINE + 2, 1, first))
    assert told.engine.next_wake() == LATER
    told.engine.observe(Unclaim(NINE + 4, 1, second))
    assert told.engine.next_wake() == NINE + 4
    [chosen], _ = decided(told, NINE + 4)
    assert chosen not in (first, second)


def test_no_unit_on_offer_is_promised_or_offered_to_another_order(tmp_path: Path) -> None:
    told = offering(tmp_path)
    one, other = asked(told, order(1)), asked(told, order(2))
    assert not set(one) & set(other)
    plan = told.engine.route(order(3), NINE + 1)
    assert isinstance(plan, Plan)
    assert plan.unfilled == (Line(CABLE, 1),)
    assert told.shown() == [2, 0, 0, 0]  # two of four are spoken for, whoever will give them
    told.engine.observe(Claim(NINE + 2, 1, one[1]))
    told.engine.observe(Claim(NINE + 2, 2, other[1]))
    assert [sites(answer) for answer in told.engine.tick(NINE + 2)] == [[one[1]], [other[1]]]
    assert told.shown() == [2, 0, 0, 0]


def test_a_claim_on_what_was_sold_meanwhile_is_void(tmp_path: Path) -> None:
    told = offering(tmp_path)
    first, second = asked(told, order(1))
    told.hear(NINE + 1, {(CABLE, second): (0, 0)})
    told.engine.observe(Claim(NINE + 2, 1, second))
    assert decided(told, NINE + 2) == ([first], "whole")


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((Line(CABLE, 1), Line(HEADPHONES, 1)), id="only a split could serve it"),
        pytest.param((Line(CABLE, 9),), id="nobody has all of it"),
    ],
)
def test_where_no_site_could_serve_all_of_it_nobody_is_asked(tmp_path: Path, lines: tuple[Line, ...]) -> None:
    told = offering(tmp_path, EVERYWHERE | {(HEADPHONES, WEST): 0})
    told.hear(1.0, {(CABLE, WEST): (0, 0), (HEADPHONES, WEST): (1, 0)})
    assert isinstance(told.engine.route(order(1)._replace(lines=lines), NINE), Plan)


def test_what_comes_back_from_a_site_is_decided_at_once(tmp_path: Path) -> None:
    told = offering(tmp_path)
    _, second = asked(told, order(1))
    told.engine.observe(Claim(NINE + 1, 1, second))
    decided(told, NINE + 1)
    told.engine.observe(Refusal(NINE + 20, 1, second, CABLE, 1))
    assert isinstance(told.engine.route(order(1)._replace(refused_by=(second,)), NINE + 20), Plan)


def test_an_order_that_is_called_off_is_on_offer_no_longer(tmp_path: Path) -> None:
    told = offering(tmp_path)
    first, _ = asked(told, order(1))
    told.engine.observe(Cancellation(NINE + 1, 1))
    assert told.engine.next_wake() is None
    assert told.shown() == [4, 0, 0, 0]
    with pytest.raises(RoutingError, match="not on offer"):
        told.engine.observe(Claim(NINE + 2, 1, first))


@pytest.mark.parametrize("base", ["ruled", "primal_dual", "reserve"])
def test_decisions_of_any_strategy_that_asks_are_repeated_byte_for_byte(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = {"candidates": 2, "timeout": "10 min", "rounds": 2}
    monkeypatch.setitem(MORE, "asks", MORE[base] | {"claims": claims})
    here = deployment_with(tmp_path, "asks")
    lines = examined(here, 60).splitlines()
    assert any(b'"claimed_by"' in line for line in lines)
    assert [line for line in replay(lines, here.wire, here.version, here.engine()) if not line.equal] == []


def test_offers_and_claims_are_read_as_they_were_written(tmp_path: Path) -> None:
    wire = Wire(tiny(tmp_path).network)
    hold, offer = Hold(LATER, (EAST, WEST)), OnOffer(1, (EAST,), LATER)
    assert wire.plain(hold) == {"until": LATER, "offered_to": ["dc_east", "dc_west"]}
    assert wire.hold(wire.plain(hold)) == hold
    assert wire.decision(wire.plain(offer)) == offer
    for news in (Claim(NINE, 1, WEST), Unclaim(NINE, 1, EAST)):
        assert wire.news(wire.plain(news)) == news


def test_a_batch_cannot_be_on_offer_as_well() -> None:
    block = {"choose": "batch", "window": "10 min", "claims": {"timeout": "5 min"}}
    with pytest.raises(ValidationError, match="orders are held for a batch already - expected no claims"):
        RoutingConfig.model_validate({"max_parcels": 2, "strategies": {"both": block}})
