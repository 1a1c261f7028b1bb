"""How each pass of each rule came out: kept while a decision is made as little as it takes to tell it when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.routing.rules.decide import StepTrace


class Notes:
    """What rules take down of one decision.

    Parameters
    ----------
    at_once
        Whether passes are told while the decision is made: rules then rely on nothing that they know of a place.
    """

    def __init__(self, at_once: bool = False) -> None:
        self.at_once = at_once
        self._passes: list[StepTrace] = []
        self._work_out: Callable[[list[StepTrace]], object] | None = None

    def take(self, work_out: Callable[[list[StepTrace]], object]) -> None:
        """Note a decision by what works its passes out; of several the last counts."""
        self._passes, self._work_out = [], work_out

    def clear(self) -> None:
        """Forget what was noted."""
        self._passes, self._work_out = [], None

    @property
    def passes(self) -> tuple[StepTrace, ...]:
        """Pass by pass; empty unless rules decided."""
        if self._work_out is not None:
            work_out, self._work_out = self._work_out, None
            work_out(self._passes)
        return tuple(self._passes)
