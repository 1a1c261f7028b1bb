"""What an engine is told: stock, receipts, and what became of its plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.contract.messages import Line, Revision  # noqa: TC001  the wire reads annotations at run time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class StockNews(NamedTuple):
    """What the systems of some sites say of their stock, as of a moment.

    Parameters
    ----------
    observed_at
        The minute the counts were read (not the minute the news arrives).
    sites
        The sites that speak; what they do not mention has not changed.
    cells
        Changed cells as ``sku * number_of_sites + site``, each at most once.
    on_hand
        Units on the site's books in each cell at `observed_at`.
    picked
        Units picked there for the engine's own parcels in all, since the host began to talk to it: promises that are
        over. A total, so that news may be lost, come twice or in any order.
    whole
        Whether the news tells all cells of the sites that speak, changed or not.
    """

    observed_at: float
    sites: NDArray[np.int64]
    cells: NDArray[np.int64]
    on_hand: NDArray[np.int32]
    picked: NDArray[np.int32]
    whole: bool = False


class Receipts(NamedTuple):
    """What is on its way to some sites, as of a moment: the whole picture, in the place of any earlier one of theirs.

    What a site has received by then is no longer in it; what it does not mention is not on its way.

    Parameters
    ----------
    observed_at
        The minute the picture was taken.
    sites
        The sites whose picture it is, whether they expect anything or not.
    cells
        What is expected, a row each: ``sku * number_of_sites + site``; a cell may have several rows.
    units, due
        How much of it, and the minute at which it should be on the shelf.
    """

    observed_at: float
    sites: NDArray[np.int64]
    cells: NDArray[np.int64]
    units: NDArray[np.int32]
    due: NDArray[np.float64]


class Refusal(NamedTuple):
    """A site could not give what was promised from it: its shelf was empty of that product, or nobody has the time.

    Parameters
    ----------
    at
        The minute the shelf was found empty, or the site said no (not the minute the refusal arrives).
    busy_until
        None: the shelf was empty. Else it may well have the product, but takes no orders before this minute.
    """

    at: float
    order: int
    site: int
    sku: int
    quantity: int
    busy_until: float | None = None


class TooLate(NamedTuple):
    """A revision was not carried out: a pick had begun. What it withdrew stands, what it sent instead does not."""

    at: float
    revision: Revision


class Release(NamedTuple):
    """Units promised from a site, and not picked, are no longer wanted: they may be promised again."""

    at: float
    order: int
    site: int
    sku: int
    quantity: int


class Cancellation(NamedTuple):
    """Lines kept of an order are no longer wanted. Its parcels are released one by one: only the host knows which."""

    at: float
    order: int


class Closed(NamedTuple):
    """A site takes no orders until a minute; one that is not later than `at` opens it again.

    What is promised from it stands: what it cannot give is refused, parcel by parcel.
    """

    at: float
    site: int
    until: float


class Claim(NamedTuple):
    """A site wants an order that is on offer to it; the first to say so has it."""

    at: float
    order: int
    site: int


class Unclaim(NamedTuple):
    """A site does not want an order that is on offer to it, or no longer: until the order is decided it may say so."""

    at: float
    order: int
    site: int


class CartHeld(NamedTuple):
    """What lies in a shopper's cart, in the place of any earlier news of it: until a minute nobody else may have it.

    It is over when that minute has come, when an order says that it is this cart (`Order.cart`), or when news of it has
    an `until` that is not later than `at`.

    Parameters
    ----------
    site
        The site whose shelf keeps it, as for an order that is collected; -1 means any.
    """

    at: float
    cart: str
    lines: tuple[Line, ...]
    until: float
    site: int = -1


News = StockNews | Receipts | Refusal | Release | Cancellation | TooLate | Closed | Claim | Unclaim | CartHeld
