"""Limits that can never act, or that nobody can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.rules.lint import Fault, Finding, impossible_limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.routing.capacity.limit import CapacityLimit
    from sim.routing.rules.columns import Columns


def capacity_findings(limits: Sequence[CapacityLimit], columns: Columns | None = None) -> Iterator[Finding]:
    """Yield what a reviewer should look at.

    Parameters
    ----------
    columns
        The sites it is meant for; None leaves out what depends on them.
    """
    for k, limit in enumerate(limits):
        here = f"capacity[{k}]"
        message = impossible_limit(limit)
        if message is not None:
            yield Finding(here, Fault.CONTRADICTORY, message)
        for j, other in enumerate(limits):
            if j != k and other.hides(limit) and (j < k or not limit.hides(other)):
                yield Finding(here, Fault.NEVER_ACTS, f"that of capacity[{j}] is stricter")
        if columns is None:
            continue
        if isinstance(limit.limit, str) and np.isnan(columns.number(limit.limit)).all():
            yield Finding(here, Fault.NOBODY_HAS_IT, f"no site has an attribute {limit.limit!r} that is a number")
        for kind in limit.kinds:
            if not (columns.words("kind") == kind.value).any():
                yield Finding(f"{here}.kinds", Fault.NOBODY_HAS_IT, f"no site is a {kind.value}")
