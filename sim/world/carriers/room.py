"""How many parcels the services have taken on a day, where they take only so many."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario.blocks.carriers import ServiceBlock


class Room:
    """Room with each service, by the day of the pick-up."""

    def __init__(self, services: Iterable[ServiceBlock]) -> None:
        self._blocks = [service.capacity for service in services]
        self._taken: Counter[tuple[int, int, int]] = Counter()
        self._in_all: Counter[tuple[int, int]] = Counter()

    def left(self, service: int, site: int, day: int) -> bool:
        """Return whether a service takes another parcel at a site."""
        block = self._blocks[service]
        if block is None:
            return True
        return not (
            (block.per_site is not None and self._taken[service, site, day] >= block.per_site)
            or (block.in_all is not None and self._in_all[service, day] >= block.in_all)
        )

    def shared(self, service: int) -> bool:
        """Return whether another service may have what is too much for this one."""
        block = self._blocks[service]
        return block is not None and block.beyond == "next_service"

    def take(self, service: int, site: int, day: int) -> None:
        """Give a parcel its place."""
        if self._blocks[service] is not None:
            self._taken[service, site, day] += 1
            self._in_all[service, day] += 1
