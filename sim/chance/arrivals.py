"""When people come: how many on a day, and at which minute of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.network.calendar import WEEKDAYS
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from datetime import time

    from numpy.typing import NDArray

    from sim.network.calendar import Clock

# On a day that is not 24 hours long the clocks change in the small hours: from here on, minutes.
CLOCKS_CHANGE = 120.0
WHOLE_DAY = (0.0, float(MINUTES_PER_DAY))


def cdf(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cumulative shares of some weights."""
    total = np.cumsum(weights)
    scaled: NDArray[np.float64] = total / total[-1] if total[-1] > 0 else total
    scaled[scaled >= scaled[-1]] = 1.0  # no draw falls behind the last positive weight
    return scaled


def table(shares: dict[int, float]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the cumulative shares of whole numbers, and the numbers."""
    values = sorted(shares)
    return cdf(np.array([shares[value] for value in values])), np.array(values)


def weekday_level(weekday: dict[Any, float], clock: Clock, day: int) -> float:
    """Return a day's level by its weekday; the mean over a week is 1."""
    return weekday[WEEKDAYS[clock.weekday(day)]] * 7 / sum(weekday.values())


def day_luck(draw: np.random.Generator, day_cv: float) -> float:
    """Draw a day's level of mean 1, so that counts have variance/mean = 1 + mean * day_cv^2."""
    if day_cv == 0:
        return 1.0
    shape = day_cv**-2
    return float(draw.gamma(shape, 1 / shape))


def span_of(hours: tuple[time, time]) -> tuple[float, float]:
    """Return opening hours as minutes after local midnight."""
    opens, closes = hours
    return (
        float(opens.hour * 60 + opens.minute),
        WHOLE_DAY[1] if closes == closes.max else float(closes.hour * 60 + closes.minute),
    )


def minute_of_day(
    u: NDArray[np.float64], hours: tuple[float, ...], span: tuple[float, float] = WHOLE_DAY
) -> NDArray[np.float64]:
    """Turn uniforms into minutes after local midnight by an hourly profile, cut to a part of the day."""
    cumulative, edges = _profile(hours, span)
    minute: NDArray[np.float64] = np.interp(u * cumulative[-1], cumulative, edges)
    return minute


def share_of_day(hours: tuple[float, ...], span: tuple[float, float]) -> float:
    """Return the share of a day's people who come in a part of it."""
    edges = np.clip(np.arange(25) * 60.0, *span)
    return float(np.array(hours) @ np.diff(edges) / (60 * sum(hours)))


def on_time_line(
    minute: NDArray[np.float64], start: float | NDArray[np.float64], length: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return when local clocks show `minute` on a day that begins at `start` and is `length` minutes long."""
    return start + minute + np.where(minute >= CLOCKS_CHANGE, length - MINUTES_PER_DAY, 0.0)


@lru_cache(maxsize=256)
def _profile(hours: tuple[float, ...], span: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the profile's cumulative weight at the hours' edges, and the edges, minutes."""
    edges: NDArray[Any] = np.arange(25) * 60.0
    weights: NDArray[Any] = np.array(hours)
    if span != WHOLE_DAY:
        edges = np.clip(edges, *span)
        weights = weights * np.diff(edges) / 60
        if not weights.any():  # the profile knows nobody in these hours, the rate does: spread them evenly
            weights = np.diff(edges)
    cumulative: NDArray[np.float64] = np.concatenate((np.zeros(1), np.cumsum(weights)))
    return cumulative, edges
