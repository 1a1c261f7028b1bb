"""The shape of a strategy: one way to choose among the feasible offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.routing.offers.offers import Request, Share


class Strategy(Protocol):
    """Chooses who serves an order. A pure function of the request and the strategy's own settings."""

    def choose(self, request: Request) -> list[Share]:
        """Return what each chosen site gives; what no share covers is left for later or given up."""
        ...
