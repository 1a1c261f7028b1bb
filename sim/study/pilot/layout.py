"""Who is treated when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Weeks(NamedTuple):
    """The weeks of a pilot.

    Parameters
    ----------
    before
        Nobody is treated yet.
    settle
        After a start, not looked at.
    after
        Looked at.
    """

    before: int
    settle: int
    after: int

    @property
    def all(self) -> int:
        """How long it takes."""
        return self.upto()

    def seen(self, by: int | None = None) -> int:
        """Return how many weeks are looked at in the end, or by then."""
        return self.after if by is None else by

    def upto(self, by: int | None = None) -> int:
        """Return how many weeks that are in all."""
        return self.before + self.settle + self.seen(by)

    @property
    def early(self) -> slice:
        """Those before."""
        return slice(0, self.before)

    @property
    def late(self) -> slice:
        """Those looked at afterwards."""
        return slice(self.before + self.settle, self.all)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One pilot, laid out.

    Parameters
    ----------
    treated
        Shape (stores, weeks).
    unit
        Of each store, with whom it is taken together: its pair or its market; -1 if it takes no part.
    """

    treated: NDArray[np.bool_]
    unit: NDArray[np.int64]

    @property
    def ever(self) -> NDArray[np.bool_]:
        """The stores that are treated at any time."""
        found: NDArray[np.bool_] = np.logical_or.reduce(self.treated, axis=1)
        return found


def from_then_on(stores: NDArray[np.int64] | list[int], since: int, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return some stores treated from a week on."""
    treated = np.zeros(shape, dtype=np.bool_)
    treated[stores, since:] = True
    return treated


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """An outcome by store and week: what it is the ratio of, each of shape (stores, weeks)."""

    over: Floats
    under: Floats

    def mean(self, weeks: slice) -> Floats:
        """Return each store's over some weeks together, shape (stores,)."""
        return ratio(self.over[:, weeks].sum(axis=1), self.under[:, weeks].sum(axis=1))

    def by_week(self) -> Floats:
        """Return each store's in each week, NaN where there is none."""
        return ratio(self.over, self.under)

    def of_units(self, unit: NDArray[np.int64]) -> Values:
        """Return the same of stores taken together, in the order of their numbers."""
        count = int(unit.max(initial=-1)) + 1
        member = (unit[np.newaxis, :] == np.arange(count)[:, np.newaxis]).astype(float)
        return Values(member @ self.over, member @ self.under)


def ratio(over: Floats, under: Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(under > 0, over / under, np.nan)
    return found
