"""The filter that keeps orders from sites that are full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.routing.capacity.limit import CapacityLimit
from sim.routing.rules.filter import Filter
from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation


class Capacity(Filter, CapacityLimit):
    """Sites that can take this order on top of what they have taken on in the running period."""

    keep: Literal["capacity"]
    reason = Reason.AT_CAPACITY

    def rests(self, situation: Situation) -> bool:
        """Return whether the order passes full sites."""
        return not self.for_all and not self.holds_back(situation.channel, situation.priority)

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Add what the order asks for to what was taken on."""
        if self.rests(situation):
            return np.ones(len(situation.columns), dtype=np.bool_)
        over: NDArray[np.bool_] = self.taken(situation) + self.asked(situation) > self.most(situation.columns)
        return ~over  # an unknown limit is never exceeded

    def admits(self, situation: Situation, site: int) -> bool:
        """Do so for one site."""
        taken, most = self.taken(situation), self.most(situation.columns)
        return self.rests(situation) or not taken.item(site) + self.asked(situation) > most.item(site)

    def taken(self, situation: Situation) -> NDArray[np.float64]:
        """Return what each site has taken on so far; what nobody counts stands in its attributes."""
        counted = situation.usage.get(self.counter)
        if counted is not None:
            return counted
        taken = np.zeros(len(situation.columns))
        for name, weight in self.plain_names:
            taken += np.nan_to_num(situation.number(name)) * weight
        return taken

    def asked(self, situation: Situation) -> float:
        """Return what the order comes to."""
        if not self.plain and self.tally in situation.asked:
            return situation.asked[self.tally]
        wanted = situation.wanted
        return self.work(*(situation.size or (len(wanted) - wanted.count(0), sum(wanted))))
