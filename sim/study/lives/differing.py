"""Orders that two runs on the same tape decided differently, grouped by cause."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FulfillSimError
from sim.ledger.orders import orders_of
from sim.study.lives.causes import cause_of
from sim.study.lives.reasons import reason
from sim.study.lives.rerun import decisions_again
from sim.study.runs.run_folder import read_table
from sim.study.shadow.shadow import told

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.study.lives.reasons import Reasons
    from sim.study.lives.rerun import Decided, Made

Assignment = frozenset[tuple[tuple[int, int, int], int]]
"""Site, service and product, and the units asked."""


class Case(NamedTuple):
    """One order.

    Parameters
    ----------
    then, instead
        Who gives what in the first run and in the second.
    cents
        What it cost more in the second, all its parcels together.
    """

    order: int
    at: float
    cause: str
    then: str
    instead: str
    cents: int


class Group(NamedTuple):
    """Orders of one cause."""

    cause: str
    orders: int
    cents: int
    first: Case


class Differing(NamedTuple):
    """What two runs did differently.

    Parameters
    ----------
    orders
        Orders that both runs have.
    only
        Orders that only the first, only the second run has: shoppers who saw other shelves.
    cases
        In order of time.
    side_by_side
        Of the first case and of the one that became dearest by the second run: both decisions explained.
    """

    orders: int
    only: tuple[int, int]
    cases: tuple[Case, ...]
    groups: tuple[Group, ...]
    side_by_side: tuple[tuple[Case, Reasons, Reasons], ...]


def differing(first: Made, second: Made) -> Differing:
    """Compare the first decision about every order of two runs.

    Raises
    ------
    FulfillSimError
        If they are not on the same tape, or cannot be made again.
    """
    check_same_tape(first, second)
    one, other = (_first_assignments(run) for run in (first, second))
    both = one.keys() & other.keys()
    wanted = {order for order in both if one[order] != other[order]}
    (ledger, kept), (other_ledger, other_kept) = (decisions_again(run, wanted) for run in (first, second))
    then, instead = _firsts(kept), _firsts(other_kept)
    cost, other_cost = _cost(ledger), _cost(other_ledger)
    engine, network = second.engine(), first.scenario.network
    cases = []
    for order in sorted(then.keys() & instead.keys(), key=lambda number: (then[number].now, number)):
        was, now = then[order], instead[order]
        plans = told(was.plan, network), told(now.plan, network)
        cases.append(Case(order, was.now, cause_of(was, now, engine), *plans, other_cost[order] - cost[order]))
    shown = [] if not cases else list(dict.fromkeys([cases[0], max(cases, key=lambda case: case.cents)]))
    engines = first.engine(), second.engine()
    sides = tuple(
        (case, reason(first, ledger, engines[0], then[case.order]),
         reason(second, other_ledger, engines[1], instead[case.order]))
        for case in shown
    )  # fmt: skip
    only = len(one.keys() - other.keys()), len(other.keys() - one.keys())
    return Differing(len(both), only, tuple(cases), _groups(cases), sides)


def check_same_tape(first: Made, second: Made) -> None:
    """Refuse runs that differ in more than their routing.

    Raises
    ------
    FulfillSimError
        Saying in what.
    """
    for what, one, other in (
        ("seed", first.seed, second.seed),
        ("replication", first.replication, second.replication),
    ):
        if one != other:
            raise FulfillSimError(f"{what} {one} and {other} - expected two runs on the same tape")
    ours, theirs = (run.scenario.resolved() | {"routing": None, "goals": None} for run in (first, second))
    differ = [key for key in ours if ours[key] != theirs.get(key)]
    if differ or first.scenario.table_digests != second.scenario.table_digests:
        what = ", ".join(differ) or "their tables"
        raise FulfillSimError(f"two worlds: {what} differ - expected two runs that differ in strategy or routing alone")


def _first_assignments(run: Made) -> dict[int, Assignment]:
    """Return what was asked of whom at the first decision about each order."""
    parcels, picks = read_table(run.folder, "parcels"), read_table(run.folder, "picks")
    decisions = read_table(run.folder, "decisions")
    found: dict[int, set[tuple[tuple[int, int, int], int]]] = {order: set() for order in decisions["order"].tolist()}
    attempt = dict(zip(parcels["parcel"].tolist(), parcels["attempt"].tolist(), strict=True))
    service = dict(zip(parcels["parcel"].tolist(), parcels["service"].tolist(), strict=True))
    columns = (picks[name].tolist() for name in ("parcel", "order", "site", "sku", "asked"))
    for parcel, order, site, sku, asked in zip(*columns, strict=True):
        if attempt[parcel] == 0:
            found[order].add(((site, service[parcel], sku), asked))
    return {order: frozenset(assignment) for order, assignment in found.items()}


def _firsts(kept: list[Decided]) -> dict[int, Decided]:
    found: dict[int, Decided] = {}
    for one in kept:
        found.setdefault(one.order.id, one)
    return found


def _cost(ledger: Ledger) -> dict[int, int]:
    orders = orders_of(ledger)
    return dict(zip(orders["order"].tolist(), orders["cost_cents"].tolist(), strict=True))


def _groups(cases: list[Case]) -> tuple[Group, ...]:
    count = Counter([case.cause for case in cases])
    found = []
    for cause, orders in count.most_common():
        mine = [case for case in cases if case.cause == cause]
        found.append(Group(cause, orders, sum([case.cents for case in mine]), mine[0]))
    return tuple(found)
