"""A journal: lines of money, debits above and credits below zero, whole cents; the lines of an entry add up to 0."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.ledger.accounts import Account

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.orders import Columns


class Event(IntEnum):
    """What an entry is about: the table and, with the row's number there, the entry."""

    OPENING = 0
    ORDER = 1
    PICK = 2
    PARCEL = 3
    CANCELLATION = 4
    WALK_IN = 5
    SUPPLY_ORDER = 6
    TRANSFER = 7
    RECEIPT = 8
    MOVEMENT = 9
    COUNT = 10
    DAY = 11
    CHARGE = 12
    LEG = 13
    HAND_OVER = 14
    PUT_BACK = 15
    PURCHASE = 16
    CLAIM = 17
    LABOUR = 18
    RETURN = 20


@dataclass(frozen=True, slots=True, eq=False)
class Journal:
    """All lines, column by column.

    Parameters
    ----------
    lines
        ``event, row`` name the entry; ``at``, ``order`` and ``site`` (-1: none), ``account``, ``cents``; ``measured``
        whether it belongs to an order of the cohort or, of no order, to the measured days.
    """

    lines: Columns

    def balances(self, measured: bool = False) -> dict[Account, int]:
        """Return the balance of every account that has moved, debits positive, in order of the chart."""
        accounts, cents = self.lines["account"], self.lines["cents"]
        if measured:
            accounts, cents = accounts[self.lines["measured"]], cents[self.lines["measured"]]
        return {
            Account(number): int(cents[accounts == number].sum()) for number in np.unique(accounts).tolist()
        }  # integer sums: exact

    def by_site(self, account: Account, sites: int) -> NDArray[np.int64]:
        """Return the balance of an account at each site, shape (sites,)."""
        rows = (self.lines["account"] == account) & (self.lines["site"] >= 0)
        # float64 sums are exact for whole numbers up to 2^53
        return np.bincount(self.lines["site"][rows], self.lines["cents"][rows], minlength=sites).astype(np.int64)

    def unbalanced(self) -> int:
        """Count the entries whose debits are not their credits."""
        event, row, cents = (self.lines[name] for name in ("event", "row", "cents"))
        entries = event.astype(np.int64) * (int(row.max(initial=0)) + 1) + row
        _, entry = np.unique(entries, return_inverse=True)
        return int(np.count_nonzero(np.bincount(entry, weights=cents)))


class Book:
    """Collects entries."""

    def __init__(self) -> None:
        self._blocks: list[list[NDArray[Any]]] = []

    def post(
        self,
        event: Event,
        debit: Account | NDArray[Any],
        credit: Account | NDArray[Any],
        cents: NDArray[np.int64],
        at: NDArray[np.float64] | float,
        site: NDArray[Any] | int = -1,
        order: NDArray[Any] | int = -1,
        rows: NDArray[np.int64] | None = None,
    ) -> None:
        """Add an entry a row, from credit to debit; the other way round where the amount is below zero.

        Parameters
        ----------
        rows
            The rows' numbers in their table; all of them if absent.
        """
        count = len(cents)
        rows = np.arange(count) if rows is None else rows
        some = np.flatnonzero(cents)
        wide = [np.broadcast_to(np.asarray(value), count)[some] for value in (at, order, site, debit, credit)]
        at_, order_, site_, debit_, credit_ = wide
        for account, amount in ((debit_, cents[some]), (credit_, -cents[some])):
            self._blocks.append([np.full(len(some), event), rows[some], at_, order_, site_, account, amount])

    def lines(self) -> Columns:
        """Return what was collected."""
        kinds = {"event": "i1", "row": "i8", "at": "f8", "order": "i8", "site": "i4", "account": "i2", "cents": "i8"}
        if not self._blocks:
            return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}
        columns = [np.concatenate(column) for column in zip(*self._blocks, strict=True)]
        return {name: column.astype(kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)}
