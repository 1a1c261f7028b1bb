"""Ours keeps every law; each of these broken routers is caught by the law it breaks."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from sim.contract.check_router import LAWS, check_router
from sim.contract.http_router import HttpRouter
from sim.contract.messages import Later, Line
from sim.contract.news import Refusal, Release, StockNews
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from tests.serving import deployment_of, serving

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, Order, Parcel, Plan
    from sim.contract.news import News
    from sim.contract.router import Router
    from sim.scenario.load import Scenario

STRATEGIES = ("nearest", "cheapest", "fewest_parcels", "dc_first", "balanced", "siloed")


@pytest.mark.parametrize(
    ("where", "strategy"),
    [*(("in process", strategy) for strategy in STRATEGIES), ("over HTTP", "nearest"), ("over HTTP", "balanced")],
)
def test_our_engine_keeps_every_law(scenario: Scenario, where: str, strategy: str) -> None:
    deployment = deployment_of(scenario, strategy)
    if where == "in process":
        report = check_router(deployment.engine, scenario.network, steps=200)
    else:
        with serving(deployment) as url:
            report = check_router(lambda: HttpRouter(url, scenario.network), scenario.network, steps=200)
    assert report.ok, str(report)
    assert report.decisions > 100


class Sound:
    """Our engine behind the five verbs; each mutant below changes one of them."""

    def __init__(self, engine: Router) -> None:
        self.engine = engine

    def observe(self, news: News) -> None:
        self.engine.observe(news)

    def route(self, order: Order, now: float) -> Plan:
        return self.change(self.engine.route(order, now), order, now)

    def change(self, plan: Plan, order: Order, now: float) -> Plan:
        return plan

    def available(self) -> NDArray[np.int64]:
        return self.engine.available()

    def tick(self, now: float) -> list[Decision]:
        return self.engine.tick(now)

    def next_wake(self) -> float | None:
        return self.engine.next_wake()


class EachParcel(Sound):
    def change(self, plan: Plan, order: Order, now: float) -> Plan:
        return plan._replace(parcels=tuple(self.parcel(parcel, order, now) for parcel in plan.parcels))

    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        raise NotImplementedError


class LosesAUnit(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        first = parcel.lines[0]
        smaller = (Line(first.sku, first.quantity - 1),) if first.quantity > 1 else ()
        return parcel._replace(lines=smaller + parcel.lines[1:]) if smaller or parcel.lines[1:] else parcel


class CountsTwice(Sound):
    def change(self, plan: Plan, order: Order, now: float) -> Plan:
        return plan._replace(unfilled=plan.backordered)


class GivesWhatNobodyHas(Sound):
    def change(self, plan: Plan, order: Order, now: float) -> Plan:
        if len(plan.parcels) != 1 or not plan.backordered:
            return plan
        return plan._replace(parcels=(plan.parcels[0]._replace(lines=order.lines),), backordered=())


class ForgetsItsPromises(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        for sku, quantity in parcel.lines:
            self.engine.observe(Release(now, order.id, parcel.site, sku, quantity))
        return parcel

    def observe(self, news: News) -> None:
        if isinstance(news, StockNews):
            self.engine.observe(news._replace(picked=news.picked * 0))


class DeafToRefusals(Sound):
    def observe(self, news: News) -> None:
        if isinstance(news, Refusal):  # it gives back the promise and thinks the shelf still full
            news = Release(*news[:5])
        self.engine.observe(news)


class AsksTheRefuserAgain(Sound):
    def route(self, order: Order, now: float) -> Plan:
        return self.engine.route(order._replace(refused_by=()), now)


class DeliversEverywhere(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(site=3 - parcel.site)


class InventsASite(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(site=99)


class SendsSomethingElse(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(lines=(Line((parcel.lines[0].sku + 1) % 4, 1),))


class PromisesWhatNobodyAnnounced(Sound):
    def change(self, plan: Plan, order: Order, now: float) -> Plan:
        kept = len(plan.backordered)
        return plan._replace(backordered_at=(0,) * kept, backordered_dates=(Later(now, now, now),) * kept)


class ShippedYesterday(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(ship_at=now - 1440)


class ArrivesBeforeItLeaves(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(deliver_at=parcel.ship_at - 1)


class PaysTheShopper(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(cents=(-1.0, *parcel.cents[1:]))


class LooksAtTheFirstLine(EachParcel):
    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(cents=(float(order.lines[0].sku), *parcel.cents[1:]))


class HasMoods(EachParcel):
    moods = count()

    def parcel(self, parcel: Parcel, order: Order, now: float) -> Parcel:
        return parcel._replace(deliver_at=parcel.deliver_at + next(self.moods))


class PublishesTooMuch(Sound):
    def available(self) -> NDArray[np.int64]:
        return self.engine.available() + 1


class NeverWakes(Sound):
    def next_wake(self) -> float | None:
        return None


class NeverSleeps(Sound):
    def tick(self, now: float) -> list[Decision]:
        return []


class DecidesTwice(Sound):
    def tick(self, now: float) -> list[Decision]:
        return self.engine.tick(now) * 2


class WritesOnTheNews(Sound):
    def observe(self, news: News) -> None:
        self.engine.observe(news)
        if isinstance(news, StockNews):
            news.on_hand[:] = 0


class Raises(Sound):
    def route(self, order: Order, now: float) -> Plan:
        raise KeyError(order.place)


MUTANTS: dict[type[Sound], str] = {
    LosesAUnit: "unfilled_named",
    CountsTwice: "conservation",
    GivesWhatNobodyHas: "oversell",
    ForgetsItsPromises: "oversell",
    DeafToRefusals: "oversell",
    AsksTheRefuserAgain: "refuser",
    DeliversEverywhere: "reach",
    InventsASite: "known",
    SendsSomethingElse: "known",
    PromisesWhatNobodyAnnounced: "supply",
    ShippedYesterday: "time_travel",
    ArrivesBeforeItLeaves: "time_travel",
    PaysTheShopper: "costs",
    LooksAtTheFirstLine: "line_order",
    HasMoods: "deterministic",
    PublishesTooMuch: "available",
    NeverWakes: "wake",
    NeverSleeps: "wake",
    DecidesTwice: "kept",
    WritesOnTheNews: "news_untouched",
    Raises: "answers",
}


@pytest.mark.parametrize(("mutant", "law"), MUTANTS.items(), ids=[mutant.__name__ for mutant in MUTANTS])
def test_a_broken_router_is_caught_by_the_law_it_breaks(scenario: Scenario, mutant: type[Sound], law: str) -> None:
    config = routing_of(scenario)
    report = check_router(lambda: mutant(build_engine(config, "nearest", scenario.network)), scenario.network)
    assert law in [violation.law for violation in report.violations], str(report)


def test_every_law_has_a_router_that_breaks_it() -> None:
    from tests.contract.test_check_holding import MUTANTS as SLOW

    assert {*MUTANTS.values(), *(law for _, law in SLOW.values())} == set(LAWS)


def test_a_violation_tells_the_law_and_the_message_that_broke_it(scenario: Scenario) -> None:
    config = routing_of(scenario)
    report = check_router(lambda: Raises(build_engine(config, "nearest", scenario.network)), scenario.network)
    (violation,) = report.violations
    assert violation.message.startswith("route(Order(id=1, placed_at=0.0, place=0, lines=(Line(sku=0, quantity=1),)")
    assert violation.message.endswith("), 0): KeyError: 0")
    assert str(report).splitlines()[1] == "answers (every call is answered, none raises)"
