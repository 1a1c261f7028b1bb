"""The books against what can be counted: shelves, what is on its way, and what shoppers are still owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.ledger.accounts import Account
from sim.ledger.orders import worth_again
from sim.money.posting import known_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.money.journal import Journal


class Check(NamedTuple):
    """An amount as the books have it and as it is found otherwise, cents.

    Parameters
    ----------
    differing
        Parts of it, such as sites, that differ though the whole may not.
    """

    what: str
    books: int
    found: int
    differing: int = 0

    @property
    def holds(self) -> bool:
        """Whether both are equal, to the cent."""
        return self.books == self.found and not self.differing


def counted(ledger: Ledger, journal: Journal) -> list[Check]:
    """Check that entries balance, and the balances of stock, goods under way and deposits."""
    known = known_of(ledger)
    sites = len(known.ours)
    in_books, there = journal.by_site(Account.STOCK, sites), _worth(ledger.closing_stock, known.cost, known.ours)
    checks = [
        Check("debits less credits", int(journal.lines["cents"].sum()), 0, journal.unbalanced()),
        _of_sites("stock on the shelves, at cost", in_books, there),
    ]
    if ledger.closing_in_transit.size:
        dock = journal.balances().get(Account.GOODS_AT_DOCK, 0)
        coming = _worth(ledger.closing_in_transit, known.cost, known.ours).sum()
        way = journal.balances().get(Account.GOODS_IN_TRANSIT, 0) + dock
        checks.append(Check("goods in transit and at the dock, at cost", way, int(coming)))
    back = ledger.returns.columns()
    coming = np.isfinite(back["handed_at"]) & ~np.isfinite(back["settled_at"])
    checks.append(
        Check(
            "goods coming back, at cost",
            journal.balances().get(Account.GOODS_COMING_BACK, 0),
            int(known.cost[back["sku"][coming]].sum()),
        )
    )
    orders, sent = ledger.supply_orders.columns(), ledger.transfers.columns()
    asked = int(orders["value_cents"][known.from_dc[orders["site"]]].sum())
    value = int((sent["quantity"] * known.cost[sent["sku"]]).sum()) - int(
        ledger.journeys.columns()["value_cents"].sum()
    )
    checks.append(Check("goods sent by DCs, as stores ordered them", value, asked))
    lines, picks, cancelled = (getattr(ledger, name).columns() for name in ("order_lines", "picks", "cancellations"))
    owed = sum(
        sign * int((table[units].astype(np.int64) * known.price[table["sku"]]).sum())
        for sign, table, units in ((1, lines, "quantity"), (-1, picks, "picked"), (-1, cancelled, "quantity"))
    )
    owed += int(worth_again(ledger).sum())  # has left, and is owed once more
    deposits = -journal.balances().get(Account.CUSTOMER_DEPOSITS, 0)
    checks.append(Check("deposits for units neither sent nor cancelled", deposits, owed))
    return checks


def _worth(units: NDArray[np.int32], cost: NDArray[np.int64], ours: NDArray[np.bool_]) -> NDArray[np.int64]:
    worth: NDArray[np.int64] = np.where(ours, cost @ units, 0)
    return worth


def _of_sites(what: str, books: NDArray[np.int64], found: NDArray[np.int64]) -> Check:
    return Check(what, int(books.sum()), int(found.sum()), int(np.count_nonzero(books != found)))
