"""The one door to a linear programming solver: HiGHS, through scipy, imported when something is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import RoutingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Entries(NamedTuple):
    """The non-zero entries of a matrix; entries of one place add up."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]


class Solution(NamedTuple):
    """An optimal basic solution.

    Parameters
    ----------
    equal_duals
        Change of the value per unit of each equation's right-hand side.
    most_duals
        The same for each inequality; never positive.
    """

    value: float
    x: NDArray[np.float64]
    equal_duals: NDArray[np.float64]
    most_duals: NDArray[np.float64]


def solve(
    cost: NDArray[np.float64],
    equal: Entries,
    equal_to: NDArray[np.float64],
    most: Entries,
    at_most: NDArray[np.float64],
    *,
    presolve: bool,
) -> Solution:
    """Minimise ``cost @ x`` over x >= 0 with ``equal @ x = equal_to`` and ``most @ x <= at_most``.

    Deterministic: the same numbers give the same vertex in any process.

    Parameters
    ----------
    presolve
        Pays where many variables link few rows; costs more than it saves on a small pool of columns.

    Raises
    ------
    RoutingError
        If there is no optimal solution.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    def matrix(entries: Entries, rows: int) -> Any:  # the published stubs of linprog know no sparse arrays
        return csc_array((entries.values, (entries.rows, entries.columns)), shape=(rows, len(cost)))

    found = linprog(
        cost,
        A_ub=matrix(most, len(at_most)),
        b_ub=at_most,
        A_eq=matrix(equal, len(equal_to)),
        b_eq=equal_to,
        method="highs",
        options={"presolve": presolve},
    )
    if found.status != 0 or found.fun is None or found.x is None:
        raise RoutingError(f"no prices: the linear programme has no optimum ({found.message})")
    return Solution(float(found.fun), found.x, found.eqlin.marginals, found.ineqlin.marginals)
