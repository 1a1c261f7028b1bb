"""What ways to fulfil mean in money: merges, counters, what nobody collected, vendors' prices, parcels lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ledger.accounts import OF_PARCELS, Account
from sim.ledger.orders import worth_again
from sim.money.journal import Event

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.money.journal import Book
    from sim.money.posting import Known

A = Account


def merged(book: Book, ledger: Ledger, _: Known) -> None:
    """Book what it took to merge parcels, and the way on."""
    legs = ledger.legs.columns()
    paid_to = {A.PICKING: A.WAGES, A.PACKING: A.WAGES, A.PACKAGING: A.SUPPLIERS, A.LABEL: A.CARRIERS}
    for account in OF_PARCELS:
        cents, to = legs[f"{account.name.lower()}_cents"], paid_to.get(account, A.THIRD_PARTIES)
        book.post(Event.LEG, account, to, cents.astype("i8"), legs["at"], legs["site"], legs["order"])


def handed_over(book: Book, ledger: Ledger, _: Known) -> None:
    """Pay the people at the counter; what is bought besides is paid in cash and bought for what leaves its margin."""
    ended = ledger.hand_overs.columns()
    where = ended["at"], ended["site"], ended["order"]
    extra, margin = ended["extra_cents"], ended["extra_margin_cents"]
    book.post(Event.HAND_OVER, A.PICK_UP, A.WAGES, ended["cents"], *where)
    book.post(Event.HAND_OVER, A.CASH, A.SALES_IN_STORES, extra, *where)
    book.post(Event.HAND_OVER, A.GOODS_IN_STORES, A.SUPPLIERS, extra - margin, *where)


def put_back(book: Book, ledger: Ledger, known: Known) -> None:
    """Take back the sale of what nobody collected: its price is paid back, its goods are stock again."""
    back = ledger.put_back.columns()
    units, sku, where = back["quantity"], back["sku"], (back["at"], back["site"], back["order"])
    book.post(Event.PUT_BACK, A.SALES_ONLINE, A.CASH, units * known.price[sku], *where)
    book.post(Event.PUT_BACK, A.STOCK, A.GOODS_ONLINE, units * known.cost[sku], *where)


def bought(book: Book, ledger: Ledger, known: Known) -> None:
    """Book by how much vendors take more for a unit than it costs from a supplier; for less it is a credit."""
    purchases = ledger.purchases.columns()
    more = purchases["cents"] - purchases["units"] * known.cost[purchases["sku"]]
    where = purchases["at"], purchases["site"], purchases["order"]
    book.post(Event.PURCHASE, A.GOODS_ONLINE, A.SUPPLIERS, more, *where)


def claimed(book: Book, ledger: Ledger, _: Known) -> None:
    """Bear the contact and the goods of parcels lost or spoilt, less what is paid back to us.

    The shopper gets his money, or what he paid is a deposit again until the goods go out once more.
    """
    claims = ledger.claims.columns()
    where = claims["at"], -1, claims["order"]
    book.post(Event.CLAIM, A.CLAIMS, A.OTHER_PAYABLES, claims["contact_cents"], *where)
    book.post(Event.CLAIM, A.CLAIMS, A.GOODS_ONLINE, claims["goods_cents"], *where)
    book.post(Event.CLAIM, A.CASH, A.CLAIMS, claims["recovered_cents"], *where)
    book.post(Event.CLAIM, A.LOST_REFUNDS, A.CASH, claims["refund_cents"], *where)
    book.post(Event.CLAIM, A.SALES_ONLINE, A.CUSTOMER_DEPOSITS, worth_again(ledger), *where)
