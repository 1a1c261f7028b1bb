"""Penalties of other packages, under `others:` of an objective, each by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import WithJsonSchema

from sim.errors import RoutingError
from sim.fields import Model, Text
from sim.routing.plugged import Kind

if TYPE_CHECKING:
    from sim.routing.objective.penalty import Penalty, PenaltyInputs


class PenaltyBlock(Model):
    """Settings of one penalty; a package's own is a subclass whose `penalty` is ``Literal["<its entry point>"]``."""

    counts: ClassVar[bool] = False
    """Whether the penalty looks at what sites have taken on or refused (`PenaltyInputs.counters`): only then is it
    counted."""
    penalty: Text

    def build(self, made_with: PenaltyInputs) -> Penalty:
        """Return the penalty these settings describe: it bears the name of its entry point."""
        raise NotImplementedError

    def built(self, made_with: PenaltyInputs) -> Penalty:
        """Return it, once it is seen to bear that name.

        Raises
        ------
        RoutingError
            If it bears another.
        """
        penalty = self.build(made_with)
        if penalty.name != self.penalty:
            raise RoutingError(f"penalty {self.penalty!r} calls itself {penalty.name!r} - expected {self.penalty!r}")
        return penalty


PENALTIES = Kind("fulfillsim.penalties", "penalty", "penalty")
AnyPenalty = Annotated[
    PenaltyBlock,
    PENALTIES.read(),
    PENALTIES.write(),
    WithJsonSchema({"type": "object", "required": ["penalty"], "properties": {"penalty": {"type": "string"}}}),
]
