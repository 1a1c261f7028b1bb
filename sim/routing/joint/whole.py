"""The one door to an integer programming solver: HiGHS, through scipy, imported when something is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.optimize._milp import _OptionsMILP

    from sim.routing.prices.columns import Columns


class Picked(NamedTuple):
    """The best choice of columns found.

    Parameters
    ----------
    columns
        The column picked for each order type, in order of type; None if no choice was found within the limits.
    bound
        No choice among these columns costs less.
    in_time
        Whether the clock cut nothing short.
    """

    columns: NDArray[np.int64] | None
    bound: float
    in_time: bool


def pick_columns(
    columns: Columns, types: int, stock: NDArray[np.float64], *, gap: float, nodes: int, seconds: float | None
) -> Picked:
    """Pick one column for each order type so that all stock is enough, at the least cost.

    Parameters
    ----------
    gap
        Stop when value and bound are this close, relative to the value.
    nodes
        Stop after so many nodes of the search tree.
    seconds
        Stop after so much time; None in a simulation, where the same question must have the same answer.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    count = len(columns.cost)
    serves = csr_array((np.ones(count), (columns.of_type, np.arange(count))), shape=(types, count))
    touched, row = np.unique(columns.cell, return_inverse=True)
    takes = csr_array((columns.units, (row, columns.column)), shape=(len(touched), count))
    least = np.concatenate((np.ones(types), np.full(len(touched), -np.inf)))
    most = np.concatenate((np.ones(types), stock[touched]))
    options: _OptionsMILP = {"mip_rel_gap": gap, "node_limit": nodes}
    if seconds is not None:
        options["time_limit"] = seconds
    found = milp(
        columns.cost,
        integrality=np.ones(count, dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack((serves, takes), format="csr"), least, most),
        options=options,
    )
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    in_time = "ime limit" not in found.message
    if found.x is None:
        return Picked(None, bound, in_time)
    chosen = np.flatnonzero(found.x > 0.5)
    return Picked(chosen[columns.of_type[chosen].argsort(kind="stable")], bound, in_time)
