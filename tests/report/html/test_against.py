"""What speaks against the verdict, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from sim.report.html.against import against
from sim.study.runs.recorded import Recorded
from sim.study.worth import worths
from tests.runs import made_up

LEASE: dict[str, Any] = {"account": "lease", "times": 1, "per_month_cents": 100.0, "once_cents": None}


def told(recorded: Recorded, best: str = "b", **manifest: Any) -> str:
    recorded.manifest.update(manifest)
    return "\n".join(against(recorded, worths(recorded), best))


def of(count: int = 10, **how: Any) -> Recorded:
    base = [100.0 + number for number in range(count)]
    b = [each + 50 + number % 2 for number, each in enumerate(base)]
    return made_up({"a": base, "b": b, "c": [each + 50 + number % 3 for number, each in enumerate(base)]}, **how)


def test_what_is_worse_about_the_best_comes_first() -> None:
    recorded = of()
    worse = {"mean": -0.01, "low": -0.011, "high": -0.009, "verdict": "worse", "p": 0.0, "p_holm": 0.0}
    recorded.found["differences"]["b"]["walk_in_fill_rate"] = worse
    assert told(recorded).startswith("b is worse than a in: walk-in fill -1.00 points.")
    assert "is worse than" not in told(recorded, "c")


def test_options_that_may_be_worth_as_much_are_named() -> None:
    assert "In worth these cannot be told from b yet: c (" in told(of())


@pytest.mark.parametrize(
    ("recorded", "manifest", "line"),
    [
        (of(4), {}, "4 replications are few"),
        (of(days=28), {}, "28 days, after the warm-up from 2026-02-02 on, stand for the year"),
        (of(fixed={"a": {}}), {}, "The scenario states no fixed costs"),
        (of(), {"remarks": [{"assumed": True}, {"assumed": False}]}, "marked as assumptions: 1."),
        (of(), {"open_orders": {"a": 0, "b": 1234}}, "late and without a delivery time: b 1,234."),
        (of(), {"until": {"reached": False}}, "The precision that was asked for is not reached"),
    ],
)
def test_what_the_run_rests_on_is_told(recorded: Recorded, manifest: dict[str, Any], line: str) -> None:
    assert line in told(recorded, **manifest)


def test_what_is_no_reason_is_not_told() -> None:
    lines = told(of(12, fixed={"a": {}, "b": {"lease": LEASE}}), "a", open_orders={"a": 0})
    for part in ("replications are few", "stand for the year", "fixed costs", "assumptions", "In worth"):
        assert part not in lines
