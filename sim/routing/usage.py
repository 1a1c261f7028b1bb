"""What each site has taken on in the running hour and day: the counters that capacity rules look at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.contract.messages import Line

WINDOWS = {"today": MINUTES_PER_DAY, "this_hour": 60.0}
COUNTS = ("orders", "lines", "units")
COUNTERS = frozenset({f"{count}_{window}" for count in COUNTS for window in WINDOWS} | {"last_used", "refusal_rate"})
"""What rules may look at as if it were an attribute of a site, and what no site can state itself."""


class Usage:
    """Counts promises by site; a new hour or day, on the engine's own clock, starts from nothing.

    Attributes
    ----------
    counts
        Arrays of shape (sites,), by name: ``orders_today``, ``units_this_hour``, ..., and ``last_used``, the minute of
        each site's last promise (NaN if it never had one).
    """

    def __init__(self, sites: int) -> None:
        self._window = dict.fromkeys(WINDOWS, -1.0)
        self._counts = {f"{count}_{window}": np.zeros(sites) for count in COUNTS for window in WINDOWS}
        self._tallies = [[self._counts[f"{count}_{window}"] for window in WINDOWS] for count in COUNTS]
        self._counts["last_used"] = np.full(sites, np.nan)

    def at(self, now: float) -> Mapping[str, NDArray[np.float64]]:
        """Return the counters as they stand at a minute."""
        for window, length in WINDOWS.items():
            current = now // length
            if current != self._window[window]:
                self._window[window] = current
                for count in COUNTS:
                    self._counts[f"{count}_{window}"][:] = 0
        return self._counts

    def book(self, site: int, lines: tuple[Line, ...], now: float) -> None:
        """Count one promise."""
        last_used = self.at(now)["last_used"]
        for (today, this_hour), amount in zip(self._tallies, (1, len(lines), sum([n for _, n in lines])), strict=True):
            today[site] += amount
            this_hour[site] += amount
        last_used[site] = now

    def memory(self) -> dict[str, Any]:
        """Return the counters as what JSON knows; those of nothing are left out, NaN is null."""
        columns = {name: column.tolist() for name, column in self._counts.items()}
        told = {
            name: [None if math.isnan(value) else value for value in column]
            for name, column in columns.items()
            if any(value == value and (value != 0 or name == "last_used") for value in column)  # minute 0 is a minute
        }
        return {"window": dict(self._window), "counts": told}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Stand as `memory` says."""
        self._window = {window: float(memory["window"][window]) for window in WINDOWS}
        for name, column in self._counts.items():
            column[:] = np.nan if name == "last_used" else 0
            if name in memory["counts"]:
                column[:] = [np.nan if value is None else value for value in memory["counts"][name]]

    def forget(self) -> None:
        """Start from nothing."""
        self.recall({"window": dict.fromkeys(WINDOWS, -1.0), "counts": {}})
