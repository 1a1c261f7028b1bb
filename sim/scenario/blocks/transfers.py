"""Stock moved between sites: from where it would lie for long to where it is about to run out.

transfers: {review_every: 7 days, surplus_over: 40, shortage_under: 5, lead: 2 days, cost_per_transfer: 25 USD}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from sim.fields import Between, Cents, Kilometres, Model, PositiveCount, plain
from sim.network.site import SiteKind
from sim.scenario.blocks.laws import LawOfMinutes
from sim.scenario.blocks.values import PositiveDays

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.files import YamlFile
    from sim.network.network import Network

DaysOfCover = Annotated[float, Between(plain, 0, 3660)]


class TransfersBlock(Model):
    """Looked at on a review day, after the day's orders. Cover is stock over the expected demand of a day."""

    between: tuple[SiteKind, ...] = Field(default=(SiteKind.STORE,), min_length=1)
    """Kinds of sites that give and take. What no demand is expected of is all surplus."""
    review_every: PositiveDays
    surplus_over: DaysOfCover
    """A site gives what its record holds above so many days, less what is promised from it."""
    shortage_under: DaysOfCover
    """A site takes what it lacks to so many days, with all that is on its way to it, the neediest first and from the
    nearest that gives."""
    within: Kilometres | None = None
    """No transfer goes further than this."""
    least_units: PositiveCount = 1
    """A transfer of fewer units in all is not worth the journey."""
    lead: LawOfMinutes
    """From shelf to dock."""
    cost_per_transfer: Cents = 0.0
    cost_per_unit: Cents = 0.0

    @model_validator(mode="after")
    def _gives_more_than_it_needs(self) -> TransfersBlock:
        if self.surplus_over < self.shortage_under:
            raise ValueError(
                f"surplus_over is {self.surplus_over:g} and shortage_under {self.shortage_under:g} - expected surplus "
                "from more days of cover on, or a site would give what it lacks"
            )
        return self


def nobody_to_send_to(source: YamlFile, block: TransfersBlock | None, network: Network) -> list[Problem]:
    """Tell every kind of site named that there is none of, and where there is but one site in all."""
    if block is None:
        return []
    kinds = [site.kind for site in network.sites]
    problems = [
        source.problem(("transfers", "between", k), f"no site is a {kind.value} - expected kinds that there are")
        for k, kind in enumerate(block.between)
        if kind not in kinds
    ]
    if not problems and sum(kind in block.between for kind in kinds) < 2:
        problems.append(source.problem(("transfers", "between"), "one site alone - expected two at least"))
    return problems
