"""Lines of a decision log that nobody can recall: damaged on their way, or changed by hand."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def line_of_log(number: int) -> Iterator[None]:
    """Name the line in whatever comes of reading it, or of deciding on what it remembers.

    Orders, stock and plans are read as of any caller. What a strategy remembered only that strategy can read, so that
    damage may show as late as in the decision.

    Raises
    ------
    RoutingError
        What is wrong with the line.
    """
    try:
        yield
    except RoutingError as error:
        raise RoutingError(f"line {number} of the log: {error}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RoutingError(f"line {number} of the log: its memory is damaged ({error!r})") from error
