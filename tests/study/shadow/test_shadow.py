"""What a shadow run comes to, by hand."""

from __future__ import annotations

import json
import math

import pytest

from sim.contract.messages import Line, Order, Parcel, Plan
from sim.routing.rules.reasons import Reason
from sim.routing.shadow import Pair
from sim.study.shadow.shadow import shadowed
from sim.study.statistics.estimate import t_quantile
from tests.routing.ruled import BOSTON, DC_EAST, DC_WEST, A, B, network

DAY = 1440.0
ONE = ((A, 1),)
TWO = ((A, 1), (B, 1))


def sends(site: int, *lines: tuple[int, int], cents: float = 500.0, service: int = 0) -> Parcel:
    return Parcel(site, tuple(Line(*line) for line in lines), service, 0.0, 0.0, (0.0, 0.0, 0.0, cents, 0.0))


def pair(then: Plan, instead: Plan, number: int = 1, now: float = 0.0, **more: object) -> Pair:
    lines = tuple(dict.fromkeys([line.sku for plan in (then, instead) for p in plan.parcels for line in p.lines]))
    wanted = Order(number, now, 0, tuple(Line(sku, 1) for sku in lines))
    return Pair(number, now, wanted, then, instead, more.pop("why", None), **more)  # type: ignore[arg-type]


def plan(*parcels: Parcel) -> Plan:
    return Plan(parcels)


SAME = pair(plan(sends(BOSTON, *ONE)), plan(sends(BOSTON, *ONE)))


@pytest.mark.parametrize(
    ("then", "instead", "kind"),
    [
        (plan(), plan(sends(BOSTON, *ONE)), "serves more"),
        (plan(sends(BOSTON, *ONE)), plan(), "serves less"),
        (plan(sends(BOSTON, *TWO)), plan(sends(BOSTON, (A, 1)), sends(DC_EAST, (B, 1))), "splits"),
        (plan(sends(BOSTON, (A, 1)), sends(DC_EAST, (B, 1))), plan(sends(BOSTON, *TWO)), "does not split"),
        (plan(sends(BOSTON, *ONE)), plan(sends(DC_EAST, *ONE)), "another site"),
        (plan(sends(BOSTON, *ONE)), plan(sends(BOSTON, *ONE, service=-1)), "another service"),
        (
            plan(sends(BOSTON, (A, 1)), sends(DC_EAST, (B, 1))),
            plan(sends(BOSTON, (B, 1)), sends(DC_EAST, (A, 1))),
            "other units of them",
        ),
    ],
)
def test_a_disagreement_is_of_one_kind(then: Plan, instead: Plan, kind: str) -> None:
    assert [group.kind for group in shadowed([pair(then, instead)], network()).groups] == [kind]


def test_agreement_is_counted_by_decision_and_by_line() -> None:
    half = pair(plan(sends(BOSTON, *TWO)), plan(sends(BOSTON, (A, 1)), sends(DC_EAST, (B, 1))))
    found = shadowed([SAME, SAME, half], network())
    assert (found.agreed, found.decisions, found.lines_agreed, found.lines) == (2, 3, 3, 4)


def test_costs_are_compared_where_the_same_units_are_served() -> None:
    dearer = pair(plan(sends(BOSTON, *ONE)), plan(sends(DC_EAST, *ONE, cents=530)), 2)
    less = pair(plan(sends(BOSTON, *ONE)), plan(), 3)
    found = shadowed([SAME, dearer, less], network())
    assert (found.compared, found.total_cents, found.more_cents.mean) == (2, 30.0, 15.0)


def test_with_few_days_an_interval_rests_on_decisions() -> None:
    more = [pair(plan(sends(BOSTON, *ONE)), plan(sends(DC_EAST, *ONE, cents=500 + k)), k) for k in (10, 20, 30)]
    found = shadowed(more, network())
    half = t_quantile(2, 0.95) * 10 / math.sqrt(3)
    assert (found.blocks, found.more_cents.mean, found.more_cents.half_width) == (
        "decisions", 20.0, pytest.approx(half),
    )  # fmt: skip


def test_with_five_days_it_rests_on_days() -> None:
    twice_a_day = [
        pair(plan(sends(BOSTON, *ONE)), plan(sends(DC_EAST, *ONE, cents=500 + 10 * day + 5 * k)), day, day * DAY + k)
        for day in range(5)
        for k in range(2)
    ]
    found = shadowed(twice_a_day, network())
    daily = [10 * day + 2.5 for day in range(5)]
    spread = math.sqrt(sum((each - 22.5) ** 2 for each in daily) / 4 / 5)
    assert (found.blocks, found.more_cents.half_width) == ("days", pytest.approx(t_quantile(4, 0.95) * spread))


def test_disagreements_are_grouped_by_kind_and_reason_the_most_frequent_first() -> None:
    there = plan(sends(BOSTON, *ONE))
    pairs = [
        pair(there, plan(sends(DC_WEST, *ONE, cents=900)), 1, why=(BOSTON, Reason.TOO_FAR)),
        pair(there, plan(sends(DC_EAST, *ONE, cents=510)), 2, why=(BOSTON, Reason.DEARER)),
        pair(there, plan(sends(DC_EAST, *ONE, cents=520)), 3, why=(BOSTON, Reason.DEARER)),
    ]
    found = shadowed(pairs, network())
    assert [(g.reason, g.orders, g.cents, g.example.order) for g in found.groups] == [
        ("dearer", 2, 30.0, 2), ("too_far", 1, 400.0, 1),
    ]  # fmt: skip
    assert found.first is not None
    assert found.dearest is not None
    assert (found.first.line, found.dearest.line, found.dearest.cents) == (1, 1, 400.0)
    assert (found.dearest.then, found.dearest.instead) == ("store_boston 1 A by ground", "dc_west 1 A by ground")


def test_what_only_serves_more_is_not_the_dearest() -> None:
    more = pair(plan(), plan(sends(BOSTON, *ONE, cents=900)), 1)
    cheaper = pair(plan(sends(BOSTON, *ONE)), plan(sends(DC_EAST, *ONE, cents=490)), 2)
    assert shadowed([more, cheaper], network()).dearest is None


def test_of_nothing_there_is_nothing_to_tell() -> None:
    found = shadowed([], network())
    assert (found.decisions, found.groups, found.first) == (0, (), None)
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["more_cents"]["mean"] is None


def test_what_was_not_judged_is_told() -> None:
    found = shadowed([SAME._replace(unlearnt=("values",), revised=2), SAME], network())
    assert (found.unlearnt, found.revised) == (("values",), 2)
