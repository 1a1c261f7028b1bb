"""Shoppers with carts: what lies in one is kept from others until it is ordered or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.shopper import BUYS, CART_MINUTES
from sim.contract.news import CartHeld
from sim.ledger.fates import Fate
from sim.world.storefront.storefront import Visit

if TYPE_CHECKING:
    from sim.chance.tape import Shopper
    from sim.contract.router import Router
    from sim.scenario.blocks.storefront import CartsBlock
    from sim.world.agenda import Agenda
    from sim.world.orders.fulfilment import Fulfilment
    from sim.world.storefront.storefront import Storefront
    from sim.world.storefront.visitors import Visitors


class Carts:
    """Stands between shoppers who come in and orders."""

    def __init__(
        self,
        env: Agenda,
        block: CartsBlock,
        storefront: Storefront,
        fulfilment: Fulfilment,
        visitors: Visitors,
        router: Router,
    ) -> None:
        self._env = env
        self._router, self._kept_for = router, block.kept_for
        self._minutes = block.minutes.build()
        self._bought = block.bought
        self._storefront = storefront
        self._fulfilment = fulfilment
        self._visitors = visitors

    def arrive(self, shopper: Shopper) -> None:
        """Fill a cart; a shopper who does not find all he wants decides at once."""
        if not self._storefront.can_hold(shopper, self._env.now):
            self._fulfilment.arrive(shopper)
            return
        self._storefront.hold(shopper.lines, 1)
        minutes = self._minutes.quantile(shopper.choices[CART_MINUTES])
        self._env.later(minutes, self._over, shopper)
        if self._kept_for is not None:
            self._tell(shopper, self._kept_for)

    def _over(self, shopper: Shopper) -> None:
        self._storefront.hold(shopper.lines, -1)
        shopper = shopper._replace(at=self._env.now)
        if shopper.choices[BUYS] < self._bought:
            ordered = self._fulfilment.arrive(shopper, "" if self._kept_for is None else str(shopper.id))
        else:
            ordered = False
            visit = Visit(Fate.CART_GIVEN_UP, shopper.channel, shopper.lines)
            self._visitors.write(shopper, visit, carted=True)
        if self._kept_for is not None and not ordered:
            self._tell(shopper, 0.0)

    def _tell(self, shopper: Shopper, minutes: float) -> None:
        """Tell the router for how long from now it is to keep what lies in a cart."""
        now = self._env.now
        self._router.observe(CartHeld(now, str(shopper.id), shopper.lines, now + minutes))
