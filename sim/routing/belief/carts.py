"""What lies in carts: kept from everybody else until the cart is ordered, given up, or its time is over.

A cart at one site keeps units of that site's shelf. Any other keeps units wherever they are: of all that sites which
serve could promise, others may not take the last ones.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.contract.messages import Line
from sim.contract.news import CartHeld

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MOST_ENDED = 1000
"""Carts that are over and still remembered, so that older news of them is known to be old."""


class InCarts(NamedTuple):
    """Units of one product that lie in carts: anywhere, and by site."""

    anywhere: int
    at: dict[int, int]


NOTHING = InCarts(0, {})


class Carts:
    """What was last heard of every cart.

    Parameters
    ----------
    memory
        Rows that others like it have remembered.
    """

    def __init__(self, memory: Iterable[Sequence[object]] = ()) -> None:
        self._carts: dict[str, CartHeld] = {}
        self._with: dict[int, dict[str, None]] = {}
        self._until: list[tuple[float, str]] = []  # a heap
        self._now = -np.inf
        self._ended = 0
        for cart, at, until, site, lines in memory:
            until = np.inf if until is None else until
            self.hear(CartHeld(at, cart, tuple([Line(*line) for line in lines]), until, site))  # type: ignore[arg-type,attr-defined]

    def hear(self, news: CartHeld) -> None:
        """Take in what lies in a cart now; of two pieces of news of one cart the later is believed."""
        known = self._carts.get(news.cart)
        if known is not None and news.at < known.at:
            return
        self._drop(news.cart)
        self._carts[news.cart] = news
        for sku, _ in news.lines:
            self._with.setdefault(sku, {})[news.cart] = None
        heappush(self._until, (news.until, news.cart))
        self.settle(news.at)

    def ordered(self, cart: str, now: float) -> None:
        """Hear that a cart has become an order: it keeps nothing any more."""
        known = self._carts.get(cart)
        if known is not None:
            self.hear(CartHeld(max(now, known.at), cart, (), now))

    def holds(self, cart: str, now: float) -> bool:
        """Return whether a cart keeps anything."""
        known = self._carts.get(cart)
        return known is not None and bool(known.lines) and now < known.until

    def of_others(self, sku: int, cart: str, now: float | None = None) -> InCarts:
        """Return the units of a product in all carts but one.

        Parameters
        ----------
        now
            None: the latest minute that was told.
        """
        self.settle(self._now if now is None else now)
        names = self._with.get(sku)
        if not names:
            return NOTHING
        anywhere, at = 0, dict[int, int]()
        for name in names:
            held = self._carts[name]
            if name != cart or not cart:
                units = sum([quantity for product, quantity in held.lines if product == sku])
                if held.site < 0:
                    anywhere += units
                else:
                    at[held.site] = at.get(held.site, 0) + units
        return InCarts(anywhere, at)

    def products(self) -> list[int]:
        """Return the products of which any lie in carts."""
        return sorted(sku for sku, names in self._with.items() if names)

    def rows(self, skus: Iterable[int]) -> list[list[object]]:
        """Return what is remembered of some products, as what JSON knows; null is for ever."""
        wanted = set(skus)
        names = sorted({name for sku in wanted for name in self._with.get(sku, ())})
        rows: list[list[object]] = []
        for name in names:
            at, _, lines, until, site = self._carts[name]
            asked = [list(line) for line in lines if line[0] in wanted]
            rows.append([name, at, None if np.isinf(until) else until, site, asked])
        return rows

    def settle(self, now: float) -> None:
        """Forget what lies in carts whose time is over."""
        self._now = max(self._now, now)
        while self._until and self._until[0][0] <= self._now:
            until, cart = heappop(self._until)
            known = self._carts.get(cart)
            if known is not None and known.until == until:
                self._drop(cart)

    def _drop(self, cart: str) -> None:
        """Forget what lies in a cart, and in time the cart itself."""
        known = self._carts.get(cart)
        if known is None:
            return
        for sku, _ in known.lines:
            self._with[sku].pop(cart, None)
        if known.lines:
            self._carts[cart] = known._replace(lines=())
            self._ended += 1
        if self._ended > MOST_ENDED:
            self._carts = {name: held for name, held in self._carts.items() if held.lines or held.until > self._now}
            self._ended = 0


def less_carts(
    row: NDArray[np.int32], carts: InCarts, serving: NDArray[np.bool_], wanted: int | None = None
) -> NDArray[np.int32]:
    """Return a row of units that may be promised without those in carts.

    Parameters
    ----------
    serving
        Sites that serve, shape (sites,): what lies elsewhere helps no cart.
    wanted
        Units asked for: if so many are left besides those in carts anywhere, these need not be cut off; else from the
        smallest shelves first. None: nobody knows what will be asked, so they are cut off where there is most.
    """
    if carts is NOTHING:
        return row
    row = row.copy()
    for site, units in carts.at.items():
        row[site] -= units
    free = np.where(serving, np.maximum(row, 0), 0)
    left = int(free.sum()) - carts.anywhere
    if not carts.anywhere or (wanted is not None and wanted <= left):
        return row
    cut = carts.anywhere
    smallest_first = np.lexsort((np.arange(len(row)), free))
    for site in smallest_first.tolist() if wanted is not None else smallest_first[::-1].tolist():
        taken = min(cut, int(free[site]))
        row[site] -= taken
        cut -= taken
    return row
