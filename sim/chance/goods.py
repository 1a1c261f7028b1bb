"""Which products shoppers want: by popularity, by who they are, and by what is in their basket already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.chance.arrivals import cdf
from sim.chance.shopper import merged

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.contract.messages import Line
    from sim.scenario.load import Scenario


class Wants:
    """What shoppers of each place and channel want.

    Products are numbered as in the scenario's table; `owned` turns them into those of the network, where each owner
    of stock has its own.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._tastes = scenario.tastes
        self._owners = len(scenario.owners) or 1
        self._cdf = cdf(scenario.popularity)
        self._cdfs = None if self._tastes is None else np.apply_along_axis(cdf, 2, self._tastes.weights)

    def draw(self, u: NDArray[np.float64], channel: int, places: Callable[[], NDArray[np.int64]]) -> NDArray[np.int64]:
        """Return a product for each uniform; `places` tells where each of them is wanted, if that matters."""
        if self._tastes is None or self._cdfs is None:
            return np.searchsorted(self._cdf, u, side="right")
        found = np.empty(len(u), dtype=np.int64)
        region = self._tastes.region[places()]
        for r in np.unique(region).tolist():
            those = region == r
            found[those] = np.searchsorted(self._cdfs[channel, r], u[those], side="right")
        return found

    def owned(self, skus: NDArray[np.int64], channel: int) -> NDArray[np.int64]:
        """Return products as those that a channel owns."""
        return skus if self._owners == 1 else skus * self._owners + channel


class Together:
    """Adds to baskets what is bought with what is in them already."""

    def __init__(self, scenario: Scenario) -> None:
        self._rules = [
            (scenario.among(rule.orders_of), cdf(np.where(scenario.among(rule.bring), scenario.popularity, 0.0)), rule)
            for rule in scenario.file.demand.bought_together
        ]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def add(
        self,
        baskets: list[tuple[Line, ...]],
        lines: NDArray[np.int64],
        skus: NDArray[np.int64],
        draw: np.random.Generator,
        owned: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    ) -> None:
        """Add lines to baskets, made of so many `lines` each of these products; each rule looks at what was drawn."""
        u = draw.random((2, len(self._rules), len(lines)))
        of_basket = np.repeat(np.arange(len(lines)), lines)
        added: dict[int, list[int]] = {}
        for r, (asked, among, rule) in enumerate(self._rules):
            has = np.bincount(of_basket[asked[skus]], minlength=len(lines)) > 0
            those = np.flatnonzero(has & (u[0, r] < rule.share))
            brought = owned(np.searchsorted(among, u[1, r, those], side="right"))
            for k, sku in zip(those.tolist(), brought.tolist(), strict=True):
                added.setdefault(k, []).append(sku)
        for k, more in added.items():
            baskets[k] = merged([*baskets[k], *((sku, 1) for sku in more)])
