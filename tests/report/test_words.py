"""Numbers and sentences, word for word."""

from __future__ import annotations

import math

import pytest

from sim.report.words import number, sentence, winners, with_interval
from sim.study.kpis.catalogue import BY_NAME
from sim.study.statistics.difference import Difference
from sim.study.statistics.estimate import Interval, judge, replications_to_tell

COST, FILL, HOURS = (BY_NAME[name] for name in ("cost_per_order", "order_fill_rate", "delivery_hours_mean"))


def difference(name: str, mean: float, half: float, replications: int = 10) -> Difference:
    kpi = BY_NAME[name]
    interval = Interval(mean, mean - half, mean + half)
    verdict = judge(interval, kpi.better, kpi.margin)
    more = replications_to_tell(interval, replications, kpi.margin) if verdict == "cannot tell" else None
    return Difference(kpi, interval, verdict, more)


@pytest.mark.parametrize(
    ("kpi", "value", "signed", "text"),
    [
        (COST, 15.1849, False, "15.18"),
        (COST, -1.976, True, "-1.98"),
        (COST, 0.004, True, "0.00"),  # a rounded zero has no sign
        (COST, -0.0, True, "0.00"),
        (FILL, 0.97671, False, "97.67"),
        (FILL, 0.0012, True, "+0.12"),
        (HOURS, 88.64, False, "88.6"),
        (COST, math.nan, False, "n/a"),
    ],
)
def test_a_number_is_shown_in_the_unit_people_read(kpi: object, value: float, signed: bool, text: str) -> None:
    assert number(kpi, value, signed) == text  # type: ignore[arg-type]


def test_without_limits_only_the_mean_is_shown() -> None:
    assert with_interval(COST, Interval(15.0, math.nan, math.nan)) == "15.00"
    assert with_interval(COST, Interval(15.0, 14.9, 15.1)) == "15.00 ±0.10"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (difference("cost_per_order", -1.98, 0.03), "costs 1.98 USD less an order (95 % interval 1.95 to 2.01)"),
        (difference("cost_per_order", 0.4, 0.1), "costs 0.40 USD more an order (95 % interval 0.30 to 0.50)"),
        (difference("order_fill_rate", -0.0566, 0.0111), "fills 5.66 points fewer orders (95 % interval 4.55 to 6.77)"),
        (difference("order_fill_rate", -0.0001, 0.0011), "fills as many orders within 0.20 points"),
        (difference("delivery_hours_mean", 6.0, 0.2), "delivers 6.0 h later (95 % interval 5.8 to 6.2)"),
        (difference("delivery_hours_mean", 0.0, 0.0), "delivers as fast exactly"),
        (
            # the half-width of 2 has to shrink below the mean of 1: four times the replications
            difference("delivery_hours_mean", 1.0, 2.0),
            "cannot be told from it in delivery time yet (95 % interval -1.0 to +3.0, "
            "about 40 replications would tell)",
        ),
        (
            difference("cost_per_order", 1.0, math.nan),
            "cannot be told from it in cost yet (one replication has no interval, more replications are needed)",
        ),
    ],
)
def test_a_difference_is_said_in_one_clause(found: Difference, text: str) -> None:
    assert sentence(found) == text


class Three:
    """Three strategies of whom one is the best and another may be, in every KPI alike."""

    def ranking(self, _: str) -> list[str]:
        return ["one", "other", "third"]

    def kpi(self, arm: str, _: str) -> Interval:
        return Interval(10.0, 9.0, 11.0)

    def behind(self, _: str) -> dict[str, tuple[float, float]]:
        return {"one": (0.0, 0.02), "other": (0.0, 1.5), "third": (0.5, 2.0)}


def test_who_may_be_as_good_as_the_best_is_told_with_by_how_much_he_may_be_behind() -> None:
    cost, fill, hours = winners(Three())  # type: ignore[arg-type]
    assert cost == "one costs least: 10.00 USD; not clearly behind: other (by 1.50 USD at most)."
    assert fill == "one fills most: 1000.00 %; not clearly behind: other (by 150.00 points at most)."
    assert hours == "one delivers fastest: 10.0 h; not clearly behind: other (by 1.5 h at most)."
