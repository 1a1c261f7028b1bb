"""A limit of wall-clock time on a joint decision: for a service only, as what it cuts short cannot be repeated."""

from __future__ import annotations

import time

# A solver that is given no time at all may refuse to run.
LEAST_SECONDS = 0.01


class Clock:
    """Runs down from a number of seconds; never if there is none.

    Attributes
    ----------
    deadline
        Reading of the clock at which it has run down, None for never.
    """

    def __init__(self, seconds: float | None) -> None:
        self.deadline = None if seconds is None else time.perf_counter() + seconds

    def over(self) -> bool:
        """Return whether it has run down."""
        return self.deadline is not None and time.perf_counter() >= self.deadline

    def left(self) -> float | None:
        """Return the seconds left, never less than a solver needs to say anything; None if there is no limit."""
        return None if self.deadline is None else max(self.deadline - time.perf_counter(), LEAST_SECONDS)
