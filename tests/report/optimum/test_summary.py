"""What an optimisation says in words and pictures, where the truth is known."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from sim.report.optimum.figure import draw
from sim.report.optimum.summary import show, verdict
from sim.report.style import save
from tests.study.made_up import World, asked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.search.optimize import Optimum
    from sim.study.search.variables import Candidate

SEARCH: dict[str, Any] = {"runs": 15, "replications": 3}
FINAL: dict[str, Any] = {"finalists": 2, "runs": 45, "matters": "0.05USD", "proof": 5}
AT_LEAST = {"order_fill_rate": "at least 98 %"}


def found(costs: list[float], own: float = 0.01, fills: list[float] | None = None, **blocks: Any) -> Optimum:
    """Return what is found among candidates that cost so much; the first is the scenario as it stands."""

    def truth(candidate: Candidate) -> dict[str, float]:
        k = candidate.values.get("a.x", 0)
        return {"cost_per_order": costs[k], "order_fill_rate": (fills or [0.99] * len(costs))[k]}

    question = asked(**{"minimise": "cost_per_order", "vary": {"a.x": list(range(1, len(costs)))}, "search": SEARCH,
                        "final": FINAL, "subject_to": AT_LEAST} | blocks)  # fmt: skip
    return World(truth, own=own).optimum(question)


def printed(optimum: Optimum) -> str:
    console = Console(width=100, record=True, file=io.StringIO())
    show(optimum, console)
    return console.export_text()


def test_a_winner_is_told_with_what_it_is_worth_and_what_it_was_believed_to_be() -> None:
    optimum = found([12.0, 11.0, 11.5])
    first, against, believed, fill = verdict(optimum)
    assert first == "c1 (a.x 1) is best, or within 0.05 USD of the best of 3, with 95 % (30 fresh runs)."
    assert "on luck that neither search nor selection had seen, it is surely better: cost per order " in against
    assert optimum.proof is not None
    assert optimum.proof[1].less["cost_per_order"].value == pytest.approx(-1, abs=0.02)
    assert believed.startswith("The search had believed ")
    assert fill.startswith("Order fill at least 98 %: surely met, 99.00 ±0.00 %; as it stands surely met")
    text = printed(optimum)
    assert "Search: 2 of 2 candidates, 3 replications each; the best" in text
    assert "Proof: on luck that nobody has looked at" in text


def test_it_says_so_where_nothing_is_won() -> None:
    optimum = found([10.0, 11.0, 11.5])
    first, fill = verdict(optimum)
    assert first.startswith("Nothing is won: as it stands is best, or within 0.05 USD of the best of 3")
    assert fill.startswith("Order fill at least 98 %: surely met")
    assert "Proof" not in printed(optimum)


def test_it_says_so_where_it_cannot_tell_and_how_many_more_it_takes() -> None:
    optimum = found([12.0, 10.00, 10.01], own=0.4)
    first = verdict(optimum)[0]
    assert first.startswith("Cannot tell between c")
    assert "more replications of each would tell, to 0.05 USD" in first


def test_what_keeping_to_something_costs_is_told_beside_who_does_not() -> None:
    optimum = found([10.0, 11.0, 12.0], fills=[0.90, 0.99, 0.99])
    lines = verdict(optimum)
    assert "Out, since it surely misses what has to hold: as it stands." in lines[0]
    assert "it is surely worse: cost per order" in lines[1]
    fill = "surely met, 99.00 ±0.00 %; as it stands surely missed, 90.00 ±0.00 %"
    assert lines[-1] == f"Order fill at least 98 %: {fill}."


def test_nobody_who_keeps_to_it_is_told_with_who_is_nearest() -> None:
    optimum = found([10.0, 11.0, 12.0], fills=[0.90, 0.94, 0.97])
    (line,) = verdict(optimum)
    told = "Nobody keeps to order fill at least 98 % of 3 tried. Nearest is c2, 1.00 points short in order fill."
    assert line == told


def test_each_of_a_front_is_told_against_the_scenario_as_it_stands() -> None:
    final = {"finalists": 2, "runs": 45}
    optimum = found([10.0, 9.0, 12.0], fills=[0.99, 0.985, 0.995], maximise="order_fill_rate", final=final)
    cheaper, fuller = verdict(optimum)
    assert cheaper.startswith("c1 (a.x 1), against as it stands: cost per order -1.0")
    assert "USD (better), order fill -0.50 ±0.00 points (worse)" in cheaper
    assert "(worse), order fill +0.50 ±0.00 points (better)" in fuller


@pytest.mark.parametrize("several", [False, True])
def test_there_is_a_picture_of_either(tmp_path: Path, several: bool) -> None:
    blocks: dict[str, Any] = {"maximise": "order_fill_rate", "final": {"finalists": 2, "runs": 45}} if several else {}
    optimum = found([12.0, 11.0, 11.5], fills=[0.99, 0.97, 0.995], **blocks)
    save(draw(optimum), tmp_path / "optimize.png")
    assert (tmp_path / "optimize.png").stat().st_size > 5_000
    figure = draw(optimum)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert (
        titles == ["Cost per order against order fill"]
        if several
        else ["The search, candidate by candidate", *titles[1:]]
    )
    assert not math.isnan(optimum.base.kpi("cost_per_order").low)


def test_by_ocba_the_chance_is_told_as_what_it_is_an_estimate() -> None:
    sure = verdict(found([12.0, 11.0, 11.5], final=FINAL | {"by": "ocba"}))[0]
    assert sure.endswith("of the best of 3, with 95 %, as estimated by OCBA (30 fresh runs).")
    unsure = verdict(found([12.0, 10.00, 10.01], own=0.4, final=FINAL | {"by": "ocba"}))[0]
    assert unsure.startswith("Cannot tell between c")
    assert "% by OCBA) and " in unsure
