"""An explanation as a value: frozen, by the names of sites and products, and ready for JSON.

Rows are worked out when they are asked for; asking later, or twice, gives the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.routing.explain.plain import plain
from sim.routing.explain.record import steering_of
from sim.routing.explain.told import Pass, Sending, Shelf, SiteView
from sim.routing.explain.verdicts import Bench
from sim.routing.explain.waits import waits
from sim.routing.offers.offers import Share
from sim.routing.promise import ANY_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Line, Order, Plan
    from sim.routing.explain.counterfactuals import Counterfactual
    from sim.routing.explain.record import Record
    from sim.routing.objective.priced import Priced


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why an order is served as it is.

    Parameters
    ----------
    plan
        Exactly the plan that is explained.
    snapshot
        Hash of the order and of all the decision looked at: equal hashes, equal decisions.
    counterfactuals
        What would have changed the decision; empty if it was not asked for.
    """

    record: Record = field(repr=False)
    counterfactuals: tuple[Counterfactual, ...] = ()

    @property
    def order(self) -> Order:
        """Return the order, with one line a product."""
        return self.record.request.order

    @property
    def at(self) -> float:
        """Return the minute of the decision."""
        return self.record.request.now

    @property
    def plan(self) -> Plan:
        """Return the plan as the host is told of it."""
        return self.record.plan

    @property
    def strategy(self) -> str:
        """Return the name of the strategy."""
        return self.record.parts.name or type(self.record.parts.strategy).__name__

    @property
    def configuration(self) -> str:
        """Return a hash of the routing configuration; empty if the engine was built by hand."""
        return self.record.parts.fingerprint

    @cached_property
    def snapshot(self) -> str:
        """See the class."""
        return self.record.snapshot()

    @cached_property
    def bench(self) -> Bench:
        """Return all sites side by side."""
        return Bench(self.record)

    @cached_property
    def parcels(self) -> tuple[Sending, ...]:
        """Return the parcels of the plan by name."""
        network = self.record.parts.network
        return tuple(
            Sending(
                network.sites[parcel.site].id, self.named(parcel.lines),
                None if parcel.service < 0 else network.services[parcel.service].id,
                _number(parcel.ship_at), _number(parcel.deliver_at), dict(zip(COST_PARTS, parcel.cents, strict=True)),
                None if parcel.via < 0 else network.sites[parcel.via].id,
                dict(parcel.penalties),
            )
            for parcel in self.plan.parcels
        )  # fmt: skip

    @cached_property
    def sites(self) -> tuple[SiteView, ...]:
        """Return every site of the network, in its order."""
        return tuple([self.site(k) for k in range(len(self.bench.zone))])

    @cached_property
    def passes(self) -> tuple[Pass, ...]:
        """Return how each pass of the rules came out; empty unless rules decided."""
        names = [site.id for site in self.record.parts.network.sites]
        return tuple(
            Pass(
                note.step,
                tuple(f.keep for f in step.filters if f.soft is not None and f.soft <= note.relaxed),
                {names[site]: reason for site, reason in note.kept_out.items()},
                tuple(names[site] for site in note.order),
                note.failed,
            )
            for note, step in zip(self.record.trace, self.bench.steps if self.record.trace else (), strict=True)
        )

    @property
    def relaxed(self) -> tuple[str, ...]:
        """Return the filters that were given up to find a plan."""
        return tuple(dict.fromkeys(name for each in self.passes for name in each.given_up))

    def site(self, k: int) -> SiteView:
        """Return one site by its index."""
        record, bench = self.record, self.bench
        site = record.parts.network.sites[k]
        return SiteView(
            site.id, site.name, site.kind.value, bench.verdict(k), bench.reasons[k], bool(bench.has_all[k]),
            self.shelves(k), record.request.now - float(record.observed_at[k]), _number(bench.distance_km[k]),
            int(bench.zone[k]), self.alone(k), None if record.scores is None else _number(record.scores[k]),
            {name: int(ranks[k]) for name, ranks in self._ranks.items() if ranks[k]}, record.full.get(k, ()),
        )  # fmt: skip

    def shelves(self, k: int) -> tuple[Shelf, ...]:
        """Return what a site is believed to hold of each line."""
        record = self.record
        products = record.parts.network.products
        return tuple(
            Shelf(
                products[sku].id, record.request.wanted[line], int(record.believed[line, k]),
                int(record.on_hand[line, k]), int(record.promised[line, k]), int(record.held[line, k]),
            )
            for line, sku in enumerate(record.request.skus)
        )  # fmt: skip

    def alone(self, k: int) -> Sending | None:
        """Return the whole order from one site in one parcel, its stock aside."""
        bench, record = self.bench, self.record
        parts, request = record.parts, record.request
        if not bench.reached[k]:
            return None
        label, service, days = parts.costs.rates(request, request.wanted).by_zone[int(bench.zone[k])]
        if math.isinf(label):
            return None
        lane = request.order.moment(request.now), k, request.place, service, days, request.order.deliver_from
        ship_at, deliver_at = parts.promises.dates(*lane)
        cents = parts.costs.parts(k, label, len(request.wanted), sum(request.wanted))
        return Sending(
            parts.network.sites[k].id, self.named(request.order.lines), parts.network.services[service].id,
            _number(ship_at), _number(deliver_at), dict(zip(COST_PARTS, cents, strict=True)),
            penalties={} if self._steers is None else dict(self._steers.told(request, Share(k, request.wanted))),
        )  # fmt: skip

    def named(self, lines: Iterable[Line]) -> dict[str, int]:
        """Return quantities by the names of their products."""
        products = self.record.parts.network.products
        return {products[sku].id: quantity for sku, quantity in lines}

    def as_json(self) -> dict[str, Any]:
        """Return the whole explanation as plain values, by names."""
        network, order, plan = self.record.parts.network, self.order, self.plan
        return {
            "order": order.id, "place": network.places[order.place].id, "lines": self.named(order.lines),
            "channel": order.channel, "at": self.at, "strategy": self.strategy, "configuration": self.configuration,
            "snapshot": self.snapshot, "reason": plan.reason, "parcels": plain(self.parcels),
            "backordered": self.named(plan.backordered), "unfilled": self.named(plan.unfilled),
            "relaxed": list(self.relaxed), "sites": plain(self.sites), "passes": plain(self.passes),
            "counterfactuals": plain(self.counterfactuals),
            **{name: at for name in ("hold_until", "deliver_from") if (at := getattr(order, name)) > ANY_TIME},
            **({"waits": plain(found)} if (found := waits(self)) else {}),
        }  # fmt: skip

    @cached_property
    def _steers(self) -> Priced | None:
        return steering_of(self.record.parts)

    @cached_property
    def _ranks(self) -> dict[str, NDArray[np.int64]]:
        """Return ranks by measure, 0 where a site was not compared."""
        record, bench = self.record, self.bench
        if record.trace:
            last = record.trace[-1]
            asked = np.zeros(len(bench.zone), dtype=np.bool_)
            asked[last.order] = True
            return {
                name: _ranked(-key if name == "score" else key, asked & ~np.isnan(key))
                for name, key in last.keys.items()
            }
        could = bench.reached & bench.has_all
        measures = {"cost": bench.alone_cents, "distance": bench.distance_km, "delivery": bench.alone_day}
        if record.scores is not None:
            measures["score"] = record.scores
        return {name: _ranked(values, could & np.isfinite(values)) for name, values in measures.items()}


def _ranked(values: NDArray[np.float64], compared: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return ranks from 1, equals sharing one, 0 for what is not compared."""
    ranks = np.zeros(len(values), dtype=np.int64)
    mine = values[compared]
    ranks[compared] = 1 + np.searchsorted(np.sort(mine), mine)
    return ranks


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
