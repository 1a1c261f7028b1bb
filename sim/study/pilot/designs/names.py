"""Designs by their names in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.pilot.designs.matched_pairs import MatchedPairs
from sim.study.pilot.designs.naive import Naive
from sim.study.pilot.designs.parallel import Adjusted, Change, Parallel
from sim.study.pilot.designs.stepped_wedge import SteppedWedge
from sim.study.pilot.designs.switchback import Switchback

if TYPE_CHECKING:
    from sim.study.pilot.designs.design import Design
    from sim.study.pilot.plan import DesignName, Plan


def design_of(name: DesignName, plan: Plan) -> Design:
    """Return a design by its name in a plan."""
    match name:
        case "parallel":
            return Parallel()
        case "change":
            return Change()
        case "adjusted":
            return Adjusted()
        case "matched_pairs":
            return MatchedPairs()
        case "stepped_wedge":
            return SteppedWedge(plan.waves)
        case "switchback":
            return Switchback(plan.block)
        case "naive":
            return Naive(plan.naive)
