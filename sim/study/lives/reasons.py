"""Why an order was decided as it was, each time: what the engine says, and what it did not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.money.flows import stock_at
from sim.routing.explain import explain
from sim.routing.explain.words import sentences
from sim.routing.joint.engine import JointEngine
from sim.routing.joint.why import why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ledger.ledger import Ledger
    from sim.routing.engine import Engine
    from sim.routing.explain import Explanation
    from sim.study.lives.rerun import Decided, Made

FARTHEST_SHOWN = 4
"""Sites shown besides those that were chosen: the nearest of the others."""


class Shelf(NamedTuple):
    """One product at one site at the moment of a decision.

    Parameters
    ----------
    believed
        Units that could be promised: as last heard, less own promises, less what is held back. Below 0 if more is
        promised than there turned out to be.
    on_shelf
        Units that were truly there, promised ones included.
    """

    site: str
    chosen: bool
    product: str
    news_age_min: float
    believed: int
    on_shelf: int


class Reasons(NamedTuple):
    """One decision explained.

    Parameters
    ----------
    says
        Sentences.
    """

    at: float
    says: tuple[str, ...]
    shelves: tuple[Shelf, ...]


def reasons(run: Made, ledger: Ledger, decided: Sequence[Decided]) -> list[Reasons]:
    """Explain decisions, each on what it rested on then."""
    engine = run.engine()
    return [reason(run, ledger, engine, one) for one in decided]


def reason(run: Made, ledger: Ledger, engine: Engine, one: Decided) -> Reasons:
    """Explain one decision with an engine that has heard nothing else."""
    network = run.scenario.network
    joint: list[str] = []
    if one.batch is not None and isinstance(engine, JointEngine):
        engine.recall_batch(one.batch, one.view)
        joint = [each.describe() for each in why(engine, network, one.batch, one.now, one.order.id)]
    engine.recall(one.order, one.view)
    engine.parts().belief.observed_at[:] = one.observed_at
    found = explain(engine, one.order, one.now)
    shelves = _shelves(found, ledger, one)
    said = (*joint, *sentences(found)) if not joint else (*joint, "Alone: " + " ".join(sentences(found)))
    engine.forget(one.view.believed)
    return Reasons(one.now, said, shelves)


def _shelves(found: Explanation, ledger: Ledger, one: Decided) -> tuple[Shelf, ...]:
    """Return what was believed and what was there, at the sites chosen and at some that are nearer than others."""
    sent_from = {parcel.site for parcel in one.plan.parcels}
    near = np.argsort(np.nan_to_num(found.bench.distance_km, nan=np.inf), kind="stable").tolist()
    others = [k for k in near if k not in sent_from and found.sites[k].zone > 0]
    shown = [*sorted(sent_from), *others[:FARTHEST_SHOWN]]
    rows = []
    for n, (sku, _) in enumerate(one.order.lines):
        weight = np.zeros(len(ledger.opening_stock))
        weight[sku] = 1
        there = stock_at(ledger, np.array([one.now]), weight)[0]
        for k in shown:
            site = found.sites[k]
            shelf = site.shelves[n]
            rows.append(
                Shelf(site.site, k in sent_from, shelf.product, site.news_age_min, shelf.believed, round(there[k]))
            )
    return tuple(rows)
