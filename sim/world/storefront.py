"""What shoppers are shown, and whether they become orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.chance.tape import Shopper
    from sim.contract.router import Router
    from sim.scenario.schema import StorefrontBlock
    from sim.world.feeds import Feeds


class Storefront:
    """The web shop: shows what the router could promise when it last asked."""

    def __init__(self, env: simpy.Environment, block: StorefrontBlock, router: Router, feeds: Feeds) -> None:
        self._env = env
        self._block = block
        self._router = router
        self._feeds = feeds

    def start(self) -> None:
        """Publish now, and again on every beat."""
        self._publish()
        self._env.process(self._publish_on_beat())

    def accepts(self, shopper: Shopper) -> bool:
        """Return whether a shopper orders: all he wants is shown, or he is one of those who wait."""
        published = self._published
        for sku, quantity in shopper.lines:
            if published[sku] < quantity:
                return shopper.patience < self._block.share_who_wait
        return True

    def _publish(self) -> None:
        self._feeds.deliver(self._env.now)
        self._published: list[int] = self._router.available().tolist()

    def _publish_on_beat(self) -> Generator[simpy.Event, None, None]:
        while True:
            yield self._env.timeout(self._block.published_every)
            self._publish()
