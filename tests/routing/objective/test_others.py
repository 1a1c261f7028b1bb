"""Penalties of other packages: what their blocks must be, and what they may look at."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import pytest

from sim.errors import RoutingError
from sim.routing.objective.config import ObjectiveBlock
from sim.routing.objective.others import PenaltyBlock
from sim.routing.objective.penalty import Penalty


class Crowd(Penalty):
    name = "crowd"


class CrowdBlock(PenaltyBlock):
    counts: ClassVar[bool] = True
    penalty: Literal["crowd", "throng", "late"]

    def build(self, made_with: Any) -> Penalty:
        return Crowd()


class StillBlock(PenaltyBlock):
    penalty: Literal["still"]


@pytest.mark.parametrize(
    ("other", "counts"), [(CrowdBlock(penalty="crowd"), True), (StillBlock(penalty="still"), False)]
)
def test_promises_are_counted_if_a_penalty_looks_at_them(other: PenaltyBlock, counts: bool) -> None:
    assert ObjectiveBlock(others=(other,)).counts is counts


def test_a_penalty_bears_the_name_by_which_it_is_told() -> None:
    assert CrowdBlock(penalty="crowd").built(None).name == "crowd"  # type: ignore[arg-type]
    with pytest.raises(RoutingError, match="penalty 'throng' calls itself 'crowd' - expected 'throng'"):
        CrowdBlock(penalty="throng").built(None)  # type: ignore[arg-type]


def test_a_name_of_ours_is_taken() -> None:
    with pytest.raises(ValueError, match="a penalty is called 'late' already"):
        ObjectiveBlock(others=(CrowdBlock(penalty="late"),))
