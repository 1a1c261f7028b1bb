"""From shares to sites: published rules that draw one site for each line of an order, each with its own probability.

They differ in how often lines of one order meet at one site, and so in parcels. Shares have shape (lines of an order,
sites) and add up to 1 line by line; each row of luck draws one order; sites have shape (orders, lines).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    # Shares and uniform luck of shape (orders, columns), at least as many as lines + 1 and sites; to sites.
    Rounding = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.int64]]

NOTHING = 1e-9


def independent(shares: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw each line by itself.

    Parameters
    ----------
    luck
        Uniform, shape (orders, lines).
    """
    cumulated = np.cumsum(shares, axis=1)
    site: NDArray[np.int64] = (luck[:, :, None] * cumulated[:, -1:] >= cumulated).sum(axis=2)
    last: NDArray[np.int64] = np.minimum(site, shares.shape[1] - 1)
    return last


def correlated(
    shares: NDArray[np.float64], luck: NDArray[np.float64], layer_luck: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Draw by the correlated rounding of Jasin and Sinha (2015).

    Each site's shares are peeled into layers, at most one of each number m of lines; a layer of height M is drawn with
    probability ``M m / n``; its lines go to its site, the others are drawn from what is left of the layers.

    Parameters
    ----------
    luck
        Uniform, shape (orders, lines).
    layer_luck
        Uniform, shape (orders,).
    """
    lines, sites = shares.shape
    layers: list[tuple[int, NDArray[np.bool_], float]] = []
    for k in range(sites):
        left = shares[:, k].copy()
        while (inside := left > NOTHING).any():
            height = float(left[inside].min())
            layers.append((k, inside, height))
            left[inside] -= height
    chance = np.array([height * inside.sum() / lines for _, inside, height in layers])
    rest = np.zeros((lines, sites))
    for (k, inside, height), drawn in zip(layers, chance, strict=True):
        rest[inside, k] += height - drawn
    # a line whose layers are all surely drawn has nothing left, and is never asked for it
    others = np.where(rest.sum(axis=1, keepdims=True) > NOTHING, rest, shares)
    site = independent(others, luck)
    drawn_layer = np.searchsorted(np.cumsum(chance) / chance.sum(), layer_luck, side="right")
    members = np.array([inside for _, inside, _ in layers])
    of_layer = np.array([k for k, _, _ in layers])
    drawn_layer = np.minimum(drawn_layer, len(layers) - 1)
    result: NDArray[np.int64] = np.where(members[drawn_layer], of_layer[drawn_layer][:, None], site)
    return result


def dilated(shares: NDArray[np.float64], clock: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw by the dilated clocks of Ma (2023): every site opens after a time, divided by the share for each line.

    Parameters
    ----------
    clock
        Exponential times, shape (orders, sites), or (orders, lines, sites) if lines have clocks of their own.
    """
    clock = clock[:, None, :] if clock.ndim == 2 else clock
    with np.errstate(divide="ignore"):
        site: NDArray[np.int64] = (clock / shares).argmin(axis=2)
    return site


def _independent(shares: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    return independent(shares, luck[:, : len(shares)])


def _correlated(shares: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    return correlated(shares, luck[:, 1 : len(shares) + 1], luck[:, 0])


def _dilated(shares: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    return dilated(shares, -np.log1p(-luck[:, : shares.shape[1]]))


METHODS: dict[str, Rounding] = {"independent": _independent, "jasin_sinha": _correlated, "ma": _dilated}
