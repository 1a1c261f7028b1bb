r"""The transportation programme of one product: from which site how much of each region's demand is to come.

    min  sum_{r,k} cost_{r,k} x_{r,k} + sum_r lost z_r
    s.t. sum_k x_{r,k} + z_r = demand_r      for every region r
         sum_r x_{r,k}      <= stock_k       for every site k
         x, z >= 0

Parcels are not in it: each unit travels alone (Jasin and Sinha 2015, with one line an order).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.prices.highs import Entries, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shares(
    demand: NDArray[np.float64], cost: NDArray[np.float64], stock: NDArray[np.float64], lost: float
) -> NDArray[np.float64]:
    """Return the share of each region's demand from each site, and from nobody, shape (regions, sites + 1).

    Parameters
    ----------
    demand
        Units wanted, positive, shape (regions,).
    cost
        Of a unit from each site, infinite where it cannot be, shape (regions, sites).
    stock
        Units to give, shape (sites,).
    lost
        What it costs not to serve a unit.
    """
    regions, sites = cost.shape
    row, site = np.nonzero(np.isfinite(cost))
    lanes = np.arange(len(row))
    nobody = len(row) + np.arange(regions)
    found = solve(
        np.concatenate((cost[row, site], np.full(regions, lost))),
        Entries(np.concatenate((row, np.arange(regions))), np.arange(len(row) + regions), np.ones(len(row) + regions)),
        demand,
        Entries(site, lanes, np.ones(len(row))),
        stock,
        presolve=False,
    )
    share = np.zeros((regions, sites + 1))
    share[row, site] = found.x[lanes]
    share[:, sites] = found.x[nobody]
    share = np.clip(share, 0.0, None)
    total: NDArray[np.float64] = share / share.sum(axis=1, keepdims=True)
    return total
