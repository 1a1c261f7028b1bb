"""The luck of an order's messages: a pure function of the order's number and of what the luck is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.laws import LEAST_LUCK, Constant

if TYPE_CHECKING:
    from sim.chance.tape import Tape
    from sim.laws import Law
    from sim.network.site import Place


class OrderLuck:
    """Draws for orders and their parcels."""

    def __init__(self, tape: Tape, places: tuple[Place, ...]) -> None:
        names = ("hold", "called_off", "moved", "to_site", "from_site", "label")
        self._luck = {name: tape.counted(f"order_{name}") for name in names}
        self._people = np.cumsum([place.population for place in places])

    def share(self, of: str, order: int) -> float:
        """Return the uniform that says whether something happens to an order."""
        return self._luck[of](order, 0)

    def minutes(self, of: str, law: Law, order: int, number: int = 0) -> float:
        """Return how long something takes, the first or a later time."""
        if isinstance(law, Constant):
            return law.value
        return law.quantile(max(self._luck[of](order, 1, number), LEAST_LUCK))

    def fails(self, share: float, order: int, parcel: int, attempt: int) -> bool:
        """Return whether a call for a parcel's label fails."""
        return self._luck["label"](order, 2, parcel, attempt) < share

    def place(self, order: int, but: int) -> int:
        """Return another place, drawn by population."""
        people = self._people
        own = people[but] - (people[but - 1] if but else 0)
        at = self._luck["moved"](order, 3) * (people[-1] - own)
        if at >= people[but] - own:
            at += own
        return min(int(np.searchsorted(people, at, side="right")), len(people) - 1)
