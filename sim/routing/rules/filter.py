"""What all filters have in common, ours and those of other packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.fields import Model, PositiveCount
from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation


class Filter(Model):
    """What all filters have in common."""

    soft: PositiveCount | None = None
    """Turn at which the filter is given up if an order cannot be filled: 1 goes first. None: never."""

    reason: ClassVar[Reason] = Reason.KEPT_OUT

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Return the sites that pass, shape (sites,)."""
        raise NotImplementedError

    def admits(self, situation: Situation, site: int) -> bool:
        """Return whether one site passes: worth a way of its own where that takes less than to look at all."""
        return bool(self.passes(situation)[site])

    def stands_still(self) -> bool:
        """Return whether the same sites pass for all orders from one channel to one place."""
        return False

    def rests(self, situation: Situation) -> bool:
        """Return whether everyone passes this time, if that is quickly told."""
        return False

    def why(self, situation: Situation, site: int) -> Reason:
        """Return why a site that does not pass does not."""
        return self.reason
