"""A policy that follows the plan of the configuration LP, and chooses by its prices where the plan ends.

At optimal prices several configurations of an order type cost the same: prices alone cannot say how often each is to be
used, and a fixed rule for ties overdraws the stock of one of them until the next solve. The plan says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.study.published.choosing import Desk
from sim.study.published.spec_a import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.routing.prices.columns import Columns
    from sim.routing.prices.configuration import ConfigurationLP
    from sim.study.published.choosing import Choice
    from sim.study.published.spec_a import Instance

USED = 1e-6


class _Planned:
    """A configuration of the plan and how many orders it is still meant for."""

    __slots__ = ("cells", "nodes", "orders_left")

    def __init__(self, orders_left: float, cells: list[int], nodes: list[int]) -> None:
        self.orders_left = orders_left
        self.cells = cells
        self.nodes = nodes


def serve_planned(
    instance: Instance,
    orders: NDArray[np.int64],
    choose: Choice,
    programme: ConfigurationLP,
    starts: Sequence[int],
) -> NDArray[np.int64]:
    """Serve a sequence order by order and return the node of each of its lines.

    Each order takes the configuration of its type with most orders left in the plan, if all its stock is there.
    """
    desk = Desk(instance, choose)
    served: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(orders)], strict=True):
        stock = desk.stock()
        found = programme.solve((len(orders) - start) * instance.rate, stock.ravel().astype(float))
        desk.set_prices(found.prices.reshape(stock.shape))
        plan = _plan(instance, programme.pool, found.plan)
        for code in orders[start:end].tolist():
            if code == EMPTY:
                continue
            planned = plan.get(code)
            if planned is not None:
                most = max(planned, key=lambda each: each.orders_left)
                if most.orders_left > 0 and all(desk.has(cell) for cell in most.cells):
                    most.orders_left -= 1
                    desk.take(most.cells)
                    served += most.nodes
                    continue
            served += desk.serve(code)
    return np.array(served)


def _plan(instance: Instance, pool: Columns, orders: NDArray[np.float64]) -> dict[int, list[_Planned]]:
    """Return the configurations in use, by order code."""
    used = np.flatnonzero(orders > USED)
    centres = instance.nodes - 1
    # what takes no stock comes from the drop-shipper: start from there, line by line, and fill in the rest
    cell_of = {int(c): np.full(instance.size[pool.of_type[c]], EMPTY) for c in used}
    for column, cell in zip(pool.column.tolist(), pool.cell.tolist(), strict=True):
        cells = cell_of.get(column)
        if cells is not None:
            code = int(pool.of_type[column])
            items = instance.line_item[instance.first_line[code] : instance.first_line[code + 1]]
            cells[items == cell // centres] = cell
    plan: dict[int, list[_Planned]] = {}
    for column, cells in cell_of.items():
        nodes = np.where(cells == EMPTY, centres, cells % centres)
        planned = _Planned(float(orders[column]), cells.tolist(), nodes.tolist())
        plan.setdefault(int(pool.of_type[column]), []).append(planned)
    return plan
