"""The shape of what a strategy remembers besides stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.contract.messages import Order, Parcel
    from sim.contract.news import News


class Memory(Protocol):
    """Hears what was promised and refused; can be taken down with a decision and recalled."""

    def booked(self, order: Order, parcel: Parcel, now: float) -> None:
        """Hear that a parcel was promised."""
        ...

    def hear(self, news: News) -> None:
        """Learn from news."""
        ...

    def lost(self, cell: int, units: int, at: float) -> None:
        """Hear that units promised of a cell were given up, as nobody had heard of them by some snapshot."""
        ...

    def memory(self, order: Order, now: float) -> dict[str, Any]:
        """Return all that may bear on a decision about an order, as what JSON knows."""
        ...

    def recall(self, memory: Mapping[str, Any], order: Order) -> None:
        """Remember what `memory` says."""
        ...

    def forget(self) -> None:
        """Remember nothing."""
        ...
