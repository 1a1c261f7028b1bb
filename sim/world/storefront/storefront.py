"""What shoppers are shown, channel by channel, and whether they become orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.shopper import COMES, LEAVES, SWITCHES, TAKES_ANOTHER
from sim.contract.messages import Line
from sim.ledger.fates import Fate
from sim.scenario.blocks.storefront import AT_ONCE
from sim.units import MINUTES_PER_DAY
from sim.world.orders.open_order import order_of
from sim.world.storefront.listing import Listing
from sim.world.storefront.substitutes import Substitutes

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import simpy
    from numpy.typing import NDArray

    from sim.chance.collectors import Collects
    from sim.chance.tape import Shopper, Tape
    from sim.contract.messages import Quote
    from sim.contract.router import Router
    from sim.laws import Law
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds

NO_PROMISE = float("inf")


class Visit(NamedTuple):
    """What became of a shopper at the storefront.

    Parameters
    ----------
    channel
        By which he came in the end.
    lines
        What he orders, or would have.
    looked, taken
        Units for which he looked for another product, as theirs was not shown; pairs of product wanted and line taken.
    quoted
        Whether he was told a date before he ordered.
    collects
        How he collects what he orders; None if it is to be sent.
    """

    fate: Fate
    channel: int
    lines: tuple[Line, ...]
    looked: int = 0
    taken: tuple[tuple[int, Line], ...] = ()
    quoted: bool = False
    collects: Collects | None = None


class Storefront:
    """All channels: they show what the router could promise when it was last asked.

    Attributes
    ----------
    follows_promises
        Whether any listing falls with every promise (see `promised`).
    """

    def __init__(self, env: Agenda, scenario: Scenario, tape: Tape, router: Router, feeds: Feeds) -> None:
        self._env = env
        self._tape = tape
        self._block = block = scenario.file.storefront
        self._router = router
        self._feeds = feeds
        self._names = scenario.channels
        self._owners = len(scenario.owners)
        products = len(scenario.network.products)
        self._listings = [Listing(block.listing(name), products) for name in self._names]
        self._delays: list[Law] = [listing.block.delay.build() for listing in self._listings if listing.block.delay]
        only = self._names if block.open_channels is None else block.open_channels
        self._asks_quotes = block.asks_quotes
        self._open = [name in only for name in self._names]
        self._first_open = self._names.index(only[0])
        self._substitutes = Substitutes(scenario) if block.substitution else None
        self._held: list[int] | None = [0] * len(scenario.network.products) if block.carts else None
        self._carts_told = block.carts is not None and block.carts.kept_for is not None
        delays = any(each.block.delay != AT_ONCE for each in self._listings)
        sells = any(each.counts_own or each.counts_all for each in self._listings)
        # the hot loop: one glance a shopper
        collected = scenario.file.pick_up is not None
        self._plain = not (
            delays or sells or collected or block.carts or block.open_channels or scenario.shoppers_choose
        )
        self.follows_promises = any(listing.counts_all for listing in self._listings)

    def start(self) -> None:
        """Publish now, and again on every beat of each channel."""
        beats: dict[float, list[int]] = {}
        for channel, listing in enumerate(self._listings):
            assert listing.block.published_every is not None, "a listing has every key"
            beats.setdefault(listing.block.published_every, []).append(channel)
        for every, channels in beats.items():
            self._publish(channels, 0)
            self._env.process(self._publish_on_beat(every, channels))

    def visited(self, shopper: Shopper, now: float) -> Visit | None:
        """Return what becomes of a shopper; None if he stays away."""
        block, channel, lines = self._block, shopper.channel, shopper.lines
        if self._plain:
            return self._plain_visit(self._listings[channel], shopper)
        if not self._open[channel]:
            if not (block.share_who_switch and shopper.choices[SWITCHES] < block.share_who_switch):
                return None if self._stays_away(shopper, NO_PROMISE) else Visit(Fate.TURNED_AWAY, channel, lines)
            channel = self._first_open
            lines = self._owned(lines, channel)
        listing = self._listings[channel]
        listing.settle(now)
        looked = 0
        taken: tuple[tuple[int, Line], ...] = ()
        wanted = lines
        all_shown = self._all_shown(listing, lines)
        if not all_shown and self._substitutes is not None:
            lines, looked, taken, all_shown = self._substitutes.look(
                lines, listing.shown, self._held, shopper.choices[TAKES_ANOTHER]
            )
        fate, quoted = Fate.ORDERED, False
        if not all_shown and shopper.patience >= block.share_who_wait:
            fate = Fate.TURNED_AWAY
        collects = shopper.collects
        if collects is not None and fate is Fate.ORDERED and self._quoted(shopper, channel, lines, now).unfilled:
            if not collects.otherwise_ships:
                fate = Fate.TURNED_AWAY
            shopper, collects = shopper._replace(collects=None), None
        if self._asks_quotes:
            days = NO_PROMISE if fate is Fate.TURNED_AWAY else self._promised_days(shopper, channel, lines, now)
            if self._stays_away(shopper, days):
                return None
            quoted = days < NO_PROMISE and block.abandonment is not None
            if quoted and shopper.choices[LEAVES] < _read_off(block.abandonment, days):
                fate = Fate.ABANDONED
        if fate is Fate.ORDERED and listing.counts_own:
            listing.sold(lines, now, now)
        if fate is Fate.ORDERED:
            return Visit(fate, channel, lines, looked, taken, quoted, collects)
        return Visit(fate, channel, wanted, looked, (), quoted)

    def _plain_visit(self, listing: Listing, shopper: Shopper) -> Visit:
        """Return the same where a listing stands as it was published, at once, and shoppers wait or leave."""
        shown = listing.shown
        for sku, quantity in shopper.lines:
            if shown[sku] < quantity:
                if shopper.patience >= self._block.share_who_wait:
                    return Visit(Fate.TURNED_AWAY, shopper.channel, shopper.lines)
                break
        return Visit(Fate.ORDERED, shopper.channel, shopper.lines)

    def promised(self, order: int, lines: tuple[Line, ...], now: float) -> None:
        """Take units that the router has promised off the listings that fall with them."""
        for channel, listing in enumerate(self._listings):
            if listing.counts_all:
                listing.sold(lines, now, now + self._delay(channel, "listing_delay_of_order", order))

    def can_hold(self, shopper: Shopper, now: float) -> bool:
        """Return whether a shopper finds all he wants, to put it into his cart."""
        listing = self._listings[shopper.channel]
        listing.settle(now)
        return self._open[shopper.channel] and self._all_shown(listing, shopper.lines)

    def hold(self, lines: tuple[Line, ...], sign: int) -> None:
        """Put units into a cart (1), or take them out of it (-1): what is in one is not shown to others."""
        assert self._held is not None, "only where there are carts"
        for sku, quantity in lines:
            self._held[sku] += sign * quantity

    def _all_shown(self, listing: Listing, lines: tuple[Line, ...]) -> bool:
        shown, held = listing.shown, self._held
        if held is None:
            return all([shown[sku] >= quantity for sku, quantity in lines])
        return all([shown[sku] - held[sku] >= quantity for sku, quantity in lines])

    def _owned(self, lines: tuple[Line, ...], channel: int) -> tuple[Line, ...]:
        """Return the same goods as a channel owns them."""
        n = self._owners
        return lines if not n else tuple([Line(sku // n * n + channel, quantity) for sku, quantity in lines])

    def _quoted(self, shopper: Shopper, channel: int, lines: tuple[Line, ...], now: float) -> Quote:
        self._feeds.deliver(now)
        collect_at = -1 if shopper.collects is None else shopper.collects.site
        return self._router.quote(order_of(shopper, lines, self._names[channel], collect_at), now)

    def _promised_days(self, shopper: Shopper, channel: int, lines: tuple[Line, ...], now: float) -> float:
        quote = self._quoted(shopper, channel, lines, now)
        return NO_PROMISE if quote.unfilled else (quote.deliver_at - now) / MINUTES_PER_DAY

    def _stays_away(self, shopper: Shopper, days: float) -> bool:
        response = self._block.response
        if response is None:
            return False
        return shopper.choices[COMES] * self._block.upper_rate >= _read_off(response, days)

    def _delay(self, channel: int, source: str, number: int) -> float:
        law, block = self._delays[channel], self._listings[channel].block.delay
        if block is None or block.law == "constant":
            return law.quantile(0.5)
        return law.quantile(float(self._tape.uniform(source, self._names[channel], number, 1)[0]))

    def _publish(self, channels: list[int], beat: int) -> None:
        now = self._env.now
        self._feeds.deliver(now)
        to_any: NDArray[np.int64] | None = None
        for channel in channels:
            listing = self._listings[channel]
            if listing.block.own_units:
                available = self._available(self._names[channel])
            else:
                available = to_any = self._available(None) if to_any is None else to_any
            # the shop did not open this minute: what was read at the start can be seen there
            delay = self._delay(channel, "listing_delay", beat) if beat else 0.0
            listing.publish(available, now, now + delay)

    def _available(self, channel: str | None) -> NDArray[np.int64]:
        """Ask the router; what lies in carts is taken off when it is shown, not when it is read."""
        available = self._router.available() if channel is None else self._router.available(channel)
        return available if not self._carts_told else available + np.array(self._held)

    def _publish_on_beat(self, every: float, channels: list[int]) -> Generator[simpy.Event, None, None]:
        beat = 0
        while True:
            yield self._env.timeout(every)
            beat += 1
            self._publish(channels, beat)


def _read_off(curve: Mapping[float, float] | None, days: float) -> float:
    """Return a curve's value after so many days: straight between its points, level beyond them."""
    assert curve is not None, "whoever asks has one"
    return float(np.interp(days, list(curve), list(curve.values())))
