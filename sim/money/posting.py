"""What each kind of event means in money: one rule a table, from the ledger's rows to balanced entries.

Money is whole cents. What is a price times a number of units is whole by itself; what a rate gives was rounded to a
cent, halves away from zero, when the row was written; what is shared among sites or spread over days is rounded as it
accumulates, so that the parts add up to the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.ledger.accounts import OF_PARCELS, OF_RETURNS, Account
from sim.ledger.fates import Fate
from sim.ledger.movements import Why
from sim.ledger.returned import RETURN_CENTS, State
from sim.money.flows import stock_at
from sim.money.journal import Book, Event, Journal
from sim.money.of_ways import bought, claimed, handed_over, merged, put_back
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

A = Account


class Known(NamedTuple):
    """Prices and costs by product; by site whether its stock is ours, comes from our DC, and whether others work it."""

    price: NDArray[np.int64]
    cost: NDArray[np.int64]
    ours: NDArray[np.bool_]
    from_dc: NDArray[np.bool_]
    others_work: NDArray[np.bool_]


def known_of(ledger: Ledger) -> Known:
    """Return what the rules need to know."""
    products, sites = ledger.products.columns(), ledger.sites.columns()
    others = np.isin(sites["kind"], [SiteKind.THIRD_PARTY.value, SiteKind.VENDOR.value])
    return Known(
        products["price_cents"], products["unit_cost_cents"], sites["ours"] > 0, sites["from_dc"] > 0, others
    )  # fmt: skip


def journal_of(ledger: Ledger, events: Iterable[Event] = tuple(Event)) -> Journal:
    """Post what has happened; only some kinds of events if they are named."""
    book, known = Book(), known_of(ledger)
    for event in events:
        RULES[event](book, ledger, known)
    lines = book.lines()
    start, end = ledger.measured
    shoppers = ledger.shoppers.columns()
    cohort = np.sort(shoppers["order"][(shoppers["at"] >= start) & (shoppers["at"] < end)])
    of_cohort = np.zeros(len(lines["order"]), dtype=bool)
    if cohort.size:
        of_cohort = cohort[np.minimum(np.searchsorted(cohort, lines["order"]), len(cohort) - 1)] == lines["order"]
    inside = (lines["at"] >= start) & (lines["at"] < end)
    return Journal({**lines, "measured": np.where(lines["order"] >= 0, of_cohort, inside)})


def _opening(book: Book, ledger: Ledger, known: Known) -> None:
    """Debit what is there and what is on its way; the owners have paid for it."""
    sites = np.flatnonzero(known.ours)
    for account, units in ((A.STOCK, ledger.opening_stock), (A.GOODS_IN_TRANSIT, ledger.opening_in_transit)):
        if units.size:
            book.post(Event.OPENING, account, A.CAPITAL, (known.cost @ units)[sites], 0.0, sites, rows=sites)


def _ordered(book: Book, ledger: Ledger, _: Known) -> None:
    """Keep what shoppers pay when they order as a deposit, until it leaves or is cancelled."""
    shoppers = ledger.shoppers.columns()
    rows = np.flatnonzero(shoppers["fate"] == Fate.ORDERED)
    cents, at, order = (shoppers[name][rows] for name in ("value_cents", "at", "order"))
    book.post(Event.ORDER, A.CASH, A.CUSTOMER_DEPOSITS, cents, at, order=order, rows=rows)


def _picked(book: Book, ledger: Ledger, known: Known) -> None:
    """Turn the deposit into a sale when units leave the shelf; a vendor's goods are bought that moment."""
    picks = ledger.picks.columns()
    units, sku, site, at, order = (picks[name] for name in ("picked", "sku", "site", "at", "order"))
    book.post(Event.PICK, A.CUSTOMER_DEPOSITS, A.SALES_ONLINE, units * known.price[sku], at, site, order)
    source = np.where(known.ours[site], A.STOCK, A.SUPPLIERS)
    book.post(Event.PICK, A.GOODS_ONLINE, source, units * known.cost[sku], at, site, order)


def _parcels(book: Book, ledger: Ledger, known: Known) -> None:
    """Book handling and freight; our own people are paid wages, others their bill."""
    parcels = ledger.parcels.columns()
    at, site, order = (parcels[name] for name in ("picked_at", "site", "order"))
    people = np.where(known.others_work[site], A.THIRD_PARTIES, A.WAGES)
    paid_to: dict[Account, Account | NDArray[Any]] = {
        A.PICKING: people, A.PACKING: people, A.PACKAGING: A.SUPPLIERS, A.LABEL: A.CARRIERS, A.FEES: A.THIRD_PARTIES,
    }  # fmt: skip
    for account in OF_PARCELS:
        cents = parcels[f"{account.name.lower()}_cents"].astype(np.int64)
        book.post(Event.PARCEL, account, paid_to[account], cents, at, site, order)


def _cancelled(book: Book, ledger: Ledger, known: Known) -> None:
    """Pay back what shoppers will not get."""
    cancelled = ledger.cancellations.columns()
    cents = cancelled["quantity"] * known.price[cancelled["sku"]]
    book.post(
        Event.CANCELLATION, A.CUSTOMER_DEPOSITS, A.CASH, cents, cancelled["at"], order=cancelled["order"]
    )  # fmt: skip


def _walk_ins(book: Book, ledger: Ledger, known: Known) -> None:
    walk_ins = ledger.walk_ins.columns()
    sites = len(known.ours)
    sku, site, at = walk_ins["cell"] // sites, walk_ins["cell"] % sites, walk_ins["at"]
    book.post(Event.WALK_IN, A.CASH, A.SALES_IN_STORES, walk_ins["sold"] * known.price[sku], at, site)
    book.post(Event.WALK_IN, A.GOODS_IN_STORES, A.STOCK, walk_ins["sold"] * known.cost[sku], at, site)


def _supply_orders(book: Book, ledger: Ledger, known: Known) -> None:
    """Buy goods, unless a DC of ours has sent them, and pay for getting them there."""
    orders = ledger.supply_orders.columns()
    at, site = orders["at"], orders["site"]
    bought = np.where(known.ours[site] & ~known.from_dc[site], orders["value_cents"], 0)
    book.post(Event.SUPPLY_ORDER, A.GOODS_IN_TRANSIT, A.SUPPLIERS, bought, at, site)
    freight = np.where(known.from_dc[site], A.TRANSFER, A.INBOUND)
    book.post(Event.SUPPLY_ORDER, freight, A.CARRIERS, orders["cents"], at, site)


def _transfers(book: Book, ledger: Ledger, known: Known) -> None:
    sent = ledger.transfers.columns()
    value = sent["quantity"] * known.cost[sent["sku"]]
    book.post(Event.TRANSFER, A.GOODS_IN_TRANSIT, A.STOCK, value, sent["at"], sent["source"])
    journeys = ledger.journeys.columns()
    book.post(Event.TRANSFER, A.TRANSFER, A.CARRIERS, journeys["cents"], journeys["at"], journeys["site"])


def _received(book: Book, ledger: Ledger, known: Known) -> None:
    receipts = ledger.receipts.columns()
    value = np.where(known.ours[receipts["site"]], receipts["quantity"] * known.cost[receipts["sku"]], 0)
    book.post(Event.RECEIPT, A.STOCK, A.GOODS_IN_TRANSIT, value, receipts["at"], receipts["site"])


def _movements(book: Book, ledger: Ledger, known: Known) -> None:
    """Write off what is gone; what waits at the dock is ours all the same."""
    moved = ledger.movements.columns()
    site = moved["cell"] % max(len(known.ours), 1)
    against = np.full(len(site), A.SHRINK)
    against[np.isin(moved["why"], (Why.RECEIVED, Why.PUT_AWAY))] = A.GOODS_AT_DOCK
    against[moved["why"] == Why.MIS_SHIPPED] = A.MIS_SHIPMENTS
    value = np.where(known.ours[site], moved["value_cents"], 0)
    book.post(Event.MOVEMENT, A.STOCK, against, value, moved["at"], site)


def _counts(book: Book, ledger: Ledger, _: Known) -> None:
    counts = ledger.counts.columns()
    book.post(Event.COUNT, A.COUNTING, A.WAGES, counts["cost_cents"], counts["at"], counts["site"])


def _labour(book: Book, ledger: Ledger, known: Known) -> None:
    labour = ledger.labour.columns()
    at, site = labour["at"], labour["site"]
    people = np.where(known.others_work[site], A.THIRD_PARTIES, A.WAGES)
    book.post(Event.LABOUR, A.LABOUR, people, labour["cents"], at, site)
    book.post(Event.LABOUR, A.STORE_LABOUR, people, labour["in_store_cents"], at, site)
    book.post(Event.LABOUR, A.WALK_IN_WAITS, A.OTHER_PAYABLES, labour["wait_cents"], at, site)
    book.post(Event.LABOUR, A.WALK_INS_LEFT, A.OTHER_PAYABLES, labour["gave_up_cents"], at, site)


def _days(book: Book, ledger: Ledger, known: Known) -> None:
    """Share what it costs to have stock for a day among the sites, by the value that stands there."""
    snapshots = ledger.snapshots.columns()
    if not snapshots["carrying_cents"].any():
        return
    value = stock_at(ledger, np.nextafter(snapshots["at"], -np.inf), known.cost.astype(np.float64)) * known.ours
    upto = value.cumsum(axis=1) / np.maximum(value.sum(axis=1, keepdims=True), 1.0)
    cents = np.diff(np.rint(upto * snapshots["carrying_cents"][:, np.newaxis]), axis=1, prepend=0).astype(np.int64)
    lost = np.floor(cents * ledger.obsolescence_share + 0.5).astype(np.int64)
    rows, site = (index.reshape(-1) for index in np.indices(cents.shape))
    for account, amount in ((A.HOLDING, cents - lost), (A.OBSOLESCENCE, lost)):
        book.post(Event.DAY, account, A.OTHER_PAYABLES, amount.reshape(-1), snapshots["at"][rows], site, rows=rows)


def _charges(book: Book, ledger: Ledger, _: Known) -> None:
    charges = ledger.charges.columns()
    others = np.isin(charges["account"], (A.PEAK_FEES, A.STORAGE, A.ONBOARDING))
    paid_to = np.where(others, A.THIRD_PARTIES, A.OTHER_PAYABLES)
    account, at, site, order = (charges[name] for name in ("account", "at", "site", "order"))
    book.post(Event.CHARGE, account, paid_to, charges["cents"], at, site, order)


def _returns(book: Book, ledger: Ledger, known: Known) -> None:
    """Take goods back at cost when they are handed in, and pay the shopper when he is refunded."""
    back = ledger.returns.columns()
    cost, order, site, state = known.cost[back["sku"]], back["order"], back["site"], back["state"]
    handed, settled = (np.isfinite(back[name]) for name in ("handed_at", "settled_at"))

    def post(debit: Account | NDArray[Any], credit: Account, cents: NDArray[np.int64], at: str, where: Any) -> None:
        book.post(Event.RETURN, debit, credit, np.where(np.isfinite(back[at]), cents, 0), back[at], where, order)

    post(A.REFUNDS, A.CASH, back["refund_cents"], "refunded_at", site)
    post(A.GOODS_COMING_BACK, A.GOODS_BACK, cost * handed, "handed_at", site)
    shelf = back["shelf"]
    sold_again = np.where(known.ours[shelf] if shelf.size else False, A.STOCK, A.SUPPLIERS)
    post(sold_again, A.GOODS_COMING_BACK, cost * (settled & (state == State.ON_SALE)), "settled_at", shelf)
    gone = settled & (state != State.ON_SALE)
    post(A.CASH, A.GOODS_COMING_BACK, (cost - back["loss_cents"]) * gone, "settled_at", site)
    post(A.RETURN_LOSS, A.GOODS_COMING_BACK, back["loss_cents"], "settled_at", site)
    paid_to = (A.CARRIERS, A.WAGES, A.WAGES)
    for account, creditor, name in zip(OF_RETURNS, paid_to, RETURN_CENTS, strict=False):
        post(account, creditor, back[name], "handed_at", site)
    post(A.CASH, A.EXTRA_SALES, back["till_cents"], "handed_at", site)
    post(A.EXTRA_GOODS, A.SUPPLIERS, back["till_cents"] - back["till_margin_cents"], "handed_at", site)


RULES = {
    Event.OPENING: _opening, Event.ORDER: _ordered, Event.PICK: _picked, Event.PARCEL: _parcels,
    Event.CANCELLATION: _cancelled, Event.WALK_IN: _walk_ins, Event.SUPPLY_ORDER: _supply_orders,
    Event.TRANSFER: _transfers, Event.RECEIPT: _received, Event.MOVEMENT: _movements, Event.COUNT: _counts,
    Event.DAY: _days, Event.CHARGE: _charges, Event.LEG: merged, Event.RETURN: _returns,
    Event.HAND_OVER: handed_over, Event.PUT_BACK: put_back, Event.PURCHASE: bought, Event.CLAIM: claimed,
    Event.LABOUR: _labour,
}  # fmt: skip
