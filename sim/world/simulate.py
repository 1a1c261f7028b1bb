"""The world as a pure function: ``simulate(scenario, tape, router) -> Ledger``."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.units import MINUTES_PER_DAY
from sim.world import roll_out
from sim.world.agenda import Agenda
from sim.world.carriers.carriers import Carriers, carriers_matter
from sim.world.disruptions import Disruptions
from sim.world.news.snapshots import snapshots
from sim.world.news.supply_news import SupplyNews
from sim.world.news.systems import feeds_of
from sim.world.opened import opened
from sim.world.orders.fulfilment import Fulfilment
from sim.world.orders.merging import Merging
from sim.world.orders.office import Office, order_messages_matter
from sim.world.orders.pick_up import PickUp
from sim.world.orders.vendors import Declines, FileErrors, Purchases
from sim.world.returns.returns import Returns
from sim.world.sites.people import People
from sim.world.stock.counting import Counting
from sim.world.stock.losses import Losses
from sim.world.stock.open_units import OpenUnits
from sim.world.stock.records import Records
from sim.world.stock.stock import Stock
from sim.world.stock.walk_ins import WalkIns
from sim.world.stock.wrong_picks import WrongPicks
from sim.world.storefront.carts import Carts
from sim.world.storefront.shoppers import Shoppers
from sim.world.storefront.storefront import Storefront
from sim.world.storefront.visitors import Visitors
from sim.world.supply.continuous_review import ContinuousReview
from sim.world.supply.goods_in import GoodsIn
from sim.world.supply.replenishment import REVIEW_MINUTE, Replenishment
from sim.world.supply.transfers import Transfers

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.chance.tape import Tape
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.news.feeds import Feeds


def simulate(scenario: Scenario, tape: Tape, router: Router) -> Ledger:
    """Run the world once.

    Warm-up comes first, then the measured days; demand goes on after them until every order placed in the measured
    days is finished, or the drain limit is reached.

    Returns
    -------
    Ledger
        Everything that happened, warm-up and drain included.
    """
    clock = scenario.file.clock
    start = clock.warm_up * MINUTES_PER_DAY
    end = start + clock.measure * MINUTES_PER_DAY
    env = Agenda()
    ledger = opened(scenario, tape.opening, (start, end))
    stock, records = _shelves(scenario, tape, ledger)
    disruptions = Disruptions(scenario, tape)
    feeds = feeds_of(scenario)(env, scenario, stock, router, tape)
    losses = None if records is None else Losses(scenario, tape, records)
    walk_ins = WalkIns(disruptions.visitors(), stock, feeds, ledger, len(scenario.network.sites), losses)
    feeds.start(walk_ins)
    storefront = Storefront(env, scenario, tape, router, feeds)
    roll_out.tell(env, scenario, router, disruptions.announced)
    storefront.start()
    owed, goods_in = _set_up_supply(env, scenario, tape, disruptions, router, stock, feeds, walk_ins, records, ledger)
    visitors = Visitors(scenario, ledger)
    fulfilment = Fulfilment(
        env, scenario, router, stock, feeds, walk_ins, storefront, visitors, owed, ledger, disruptions.closures
    )
    _set_up_ways(env, scenario, tape, router, disruptions, stock, feeds, walk_ins, records, fulfilment, ledger)
    people = None
    if any(block.labour is not None for block in scenario.site_blocks):
        people = People(env, scenario, tape, disruptions, fulfilment, walk_ins, ledger)
        if goods_in is not None:
            goods_in.unload = people.unload
    returns = None
    if (block := scenario.file.returns) is not None:
        returns = Returns(env, scenario, block, tape, router, stock, feeds, walk_ins, records, fulfilment, ledger)
        fulfilment.dock.returns = returns
        for way in (fulfilment.pick_up, fulfilment.merging):
            if way is not None:
                way.returns = returns
    disruptions.start(env, router, feeds, walk_ins, records, ledger)
    for edge in (start, end):  # so that whatever is measured, the same wants are in the window
        env.later(edge, lambda: walk_ins.catch_up(env.now))
    env.process(snapshots(env, scenario, stock, feeds, walk_ins, ledger, records))
    carts = scenario.file.storefront.carts
    entrance = fulfilment if carts is None else Carts(env, carts, storefront, fulfilment, visitors, router)
    shoppers = Shoppers(env, tape, entrance.arrive, fulfilment, end, end + clock.drain_limit * MINUTES_PER_DAY)
    with _no_garbage_collection():
        env.run(until=shoppers.over)
        walk_ins.catch_up(env.now)
        ledger.closing_stock[:] = stock.on_hand
        for each in (records, goods_in, returns, people):
            if each is not None:
                each.close()
        ledger.seal()
    return ledger


def _shelves(scenario: Scenario, tape: Tape, ledger: Ledger) -> tuple[Stock, Records | None]:
    """Return the shelves as they truly are, and the records beside them; None where these are always right."""
    blocks = scenario.site_blocks
    records = Records(scenario, tape, ledger) if any(block.records is not None for block in blocks) else None
    stock = Stock(tape.opening.on_hand) if records is None else records
    if any(block.drop_ship is not None and block.drop_ship.file_errors is not None for block in blocks):
        stock.file_errors = FileErrors(scenario, tape)
    return stock, records


def _set_up_ways(
    env: Agenda,
    scenario: Scenario,
    tape: Tape,
    router: Router,
    disruptions: Disruptions,
    stock: Stock,
    feeds: Feeds,
    walk_ins: WalkIns,
    records: Records | None,
    fulfilment: Fulfilment,
    ledger: Ledger,
) -> None:
    """Give fulfilment what the scenario asks for: office, counters, merging, carriers, counting, vendors."""
    if order_messages_matter(scenario):
        office = Office(env, scenario, tape, router, fulfilment, ledger)
        fulfilment.office, fulfilment.dock.labels = office, office.labels
    if scenario.file.pick_up is not None:
        fulfilment.pick_up = PickUp(env, scenario, fulfilment.sites, stock, feeds, walk_ins, ledger, fulfilment.over)
    if scenario.file.merge is not None:
        fulfilment.merging = Merging(env, scenario, fulfilment.sites, fulfilment.dock, ledger, fulfilment.over)
    if carriers_matter(scenario):
        fulfilment.dock.carriers = Carriers(env, scenario, tape, disruptions.of_carriers, fulfilment, ledger)
    if records is not None:
        fulfilment.picks.wrong_picks = WrongPicks(scenario, tape, records, walk_ins)
        fulfilment.picks.counting = Counting(env, scenario, tape, records, feeds, walk_ins, ledger)
    blocks = scenario.site_blocks
    if any(block.declines for block in blocks):
        fulfilment.picks.declines = Declines(scenario, tape, ledger)
    if any(block.drop_ship is not None for block in blocks):
        fulfilment.picks.purchases = Purchases(scenario, ledger)


def _set_up_supply(
    env: Agenda,
    scenario: Scenario,
    tape: Tape,
    disruptions: Disruptions,
    router: Router,
    stock: Stock,
    feeds: Feeds,
    walk_ins: WalkIns,
    records: Records | None,
    ledger: Ledger,
) -> tuple[OpenUnits | None, GoodsIn | None]:
    """Set replenishment going; return what counts the units owed, where somebody looks at it, and who receives."""
    file = scenario.file
    ordering = file.replenishment != "none"
    rules = [block.stock for block in scenario.site_blocks] if ordering else []
    continuous = any(rule.review == "continuous" for rule in rules)
    open_units = None
    if continuous or any(rule.net_of_orders for rule in rules) or file.transfers is not None:
        open_units = OpenUnits(scenario.stock_plan.order_up_to > 0)
    given = scenario.opening_receipts
    if not (ordering or given or file.transfers is not None):
        return None, None
    news = SupplyNews(scenario, router) if file.supply_news else None
    goods_in = GoodsIn(env, stock, feeds, walk_ins, ledger, news, records)
    luck = disruptions.supply(env, tape.supply)
    supply = None
    if ordering:
        supply = Replenishment(env, scenario, luck, tape.opening, stock, goods_in, feeds, walk_ins, open_units, ledger)
    elif given:
        env.later(REVIEW_MINUTE, goods_in.send_for_opening, tape.opening)
    if file.transfers is not None and open_units is not None:
        Transfers(env, scenario, file.transfers, tape, stock, goods_in, open_units, feeds, walk_ins, ledger)
    if supply is not None and continuous and open_units is not None:
        review = ContinuousReview(env, scenario, luck, supply)
        review.start(tape, walk_ins, records)
        open_units.on_change = review.changed
    return open_units, goods_in


@contextmanager
def _no_garbage_collection() -> Generator[None, None, None]:
    """Keep the collector out of the hot loop.

    What dies there dies by reference count, and looking for cycles among millions of
    living rows costs a tenth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
