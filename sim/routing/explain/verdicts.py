"""One reason for every site: why it serves, why it might have and does not, or why it cannot."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.explain.record import objective_of
from sim.routing.objective.priced import Priced
from sim.routing.offers.lines import cents_of, have_all
from sim.routing.rules.reasons import Reason
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.by_rules import ByRules
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.dc_first import RANK_CENTS, DcFirst
from sim.routing.strategies.nearest import Nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Parcel
    from sim.routing.explain.record import Record
    from sim.routing.rules.config import Step

CODES = tuple(Reason)
_CODE = {reason: code for code, reason in enumerate(CODES)}

# A site with one of these could have served something; with any other but those of chosen sites it could not.
KEPT = frozenset({
    Reason.LACKS_PART, Reason.DEARER, Reason.LATER, Reason.FARTHER, Reason.WORTH_KEEPING, Reason.PENALISED,
    Reason.LOWER_KIND, Reason.RANKED_LOWER, Reason.EQUAL, Reason.NOT_NEEDED,
})  # fmt: skip
CHOSEN = frozenset({Reason.SERVES_ALL, Reason.SERVES_PART})


class Verdict(StrEnum):
    """What became of a site."""

    CHOSEN = "chosen"
    RUNNER_UP = "runner_up"
    KEPT = "kept"
    REFUSED = "refused"


class Bench:
    """All sites side by side, as one decision saw them; each array of shape (sites,).

    Attributes
    ----------
    reached
        Sites that may serve this strategy's orders and deliver there.
    has_all
        Sites believed to have everything.
    alone_cents
        Cost of the whole order in one parcel, stock aside; infinite where there is no such parcel.
    alone_day
        Day on which that parcel would arrive.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        parts, request = record.parts, record.request
        self.zone = parts.network.zone[request.place]
        self.reached: NDArray[np.bool_] = (self.zone > 0) & parts.may_serve
        self.distance_km = parts.network.distance_km[request.place]
        self.has_all = have_all(request.rows, request.wanted)
        self.chosen = {parcel.site: parcel for parcel in record.plan.parcels}
        self.cents = cents_of(record.plan)

    @cached_property
    def alone_cents(self) -> NDArray[np.float64]:
        """See the class."""
        parts, request = self.record.parts, self.record.request
        scores = self.record.scores if isinstance(objective_of(parts), Cheapest) else None
        return parts.costs.by_site(request, request.wanted) if scores is None else scores

    @cached_property
    def alone_day(self) -> NDArray[np.float64]:
        """See the class."""
        return self.arrival_day(self.record.request.wanted)

    @cached_property
    def plan_day(self) -> float:
        """Return the day on which the last parcel of the plan arrives; infinite if there is none."""
        days = [float(self.arrival_day(self._basket(parcel))[site]) for site, parcel in self.chosen.items()]
        return max(days, default=np.inf)

    def arrival_day(self, basket: tuple[int, ...]) -> NDArray[np.float64]:
        """Return the day on which a parcel with a basket would arrive from each site."""
        parts, request = self.record.parts, self.record.request
        timing = parts.costs.rates(request, basket).timing.take(parts.costs.zones(request.place))
        return parts.promises.arrival_of(request, timing)

    @cached_property
    def reasons(self) -> list[Reason]:
        """Return the reason of every site."""
        return [CODES[code] for code in self.codes.tolist()]

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """Return the reason of every site as its place in `CODES`."""
        request, may_serve = self.record.request, self.record.parts.may_serve
        if self.record.trace:
            codes = np.zeros(len(self.zone), dtype=np.int64)
            self._tell_who_could_not(codes)
            self._by_rules(codes)
            barred = codes == _CODE[Reason.DOES_NOT_DELIVER_THERE]
            np.putmask(codes, barred & ~may_serve, _CODE[Reason.MAY_NOT_SERVE])
        else:
            codes = np.where(self.has_all, self._not_chosen(), _CODE[Reason.LACKS_PART])
            np.putmask(codes, self._pinned_elsewhere, _CODE[Reason.PINNED_ELSEWHERE])
            self._tell_who_could_not(codes)
            np.putmask(codes, ~self.reached, _CODE[Reason.DOES_NOT_DELIVER_THERE])
            np.putmask(codes, ~may_serve, _CODE[Reason.MAY_NOT_SERVE])
            for site in request.order.refused_by:
                codes[site] = _CODE[Reason.REFUSED_BEFORE]
        if request.order.collect_at >= 0:  # nobody is asked before the shelf there
            able = [_CODE[reason] for reason in KEPT]
            np.putmask(codes, np.isin(codes, able), _CODE[Reason.NOT_NEEDED])
        for site in self.record.barred():
            codes[site] = _CODE[Reason.AT_CAPACITY]
        if self.record.closed:
            codes[list(self.record.closed)] = _CODE[Reason.CLOSED]
        for site, parcel in self.chosen.items():
            whole = parcel.lines == request.order.lines
            codes[site] = _CODE[Reason.SERVES_ALL if whole else Reason.SERVES_PART]
        return codes

    @cached_property
    def runner_up(self) -> int | None:
        """Return the site that would have served the whole order if the chosen ones had not been there."""
        could = self.reached & self.has_all & ~self._pinned_elsewhere
        could[list(self.chosen)] = False
        could[list(self.record.request.order.refused_by)] = False
        if not could.any():
            return None
        if self.record.trace:
            return next((site for site in self.record.trace[-1].order if could[site]), None)
        by = self.distance_km if self.record.scores is None else self.record.scores
        best = int(np.where(could, np.nan_to_num(by, nan=np.inf), np.inf).argmin())
        return best if could[best] else None

    def verdict(self, site: int) -> Verdict:
        """Return what became of a site."""
        reason = self.reasons[site]
        if reason in CHOSEN:
            return Verdict.CHOSEN
        if site == self.runner_up:
            return Verdict.RUNNER_UP
        return Verdict.KEPT if reason in KEPT else Verdict.REFUSED

    def _tell_who_could_not(self, codes: NDArray[np.int64]) -> None:
        """Fill in the code of each site that has nothing to give."""
        record = self.record
        empty = np.maximum.reduce(record.believed) <= 0
        np.putmask(codes, empty, _CODE[Reason.NO_STOCK])
        np.putmask(codes, empty & (np.maximum.reduce(record.on_hand) > 0), _CODE[Reason.ALL_PROMISED])
        unpromised = np.maximum.reduce(record.on_hand - record.promised) > 0
        np.putmask(codes, empty & unpromised, _CODE[Reason.HELD_BACK])
        untaken = self.has_all & self.reached & (self.alone_cents == np.inf)
        np.putmask(codes, untaken, _CODE[Reason.CARRIER_DOES_NOT_TAKE_IT])

    def _not_chosen(self) -> NDArray[np.int64]:
        """Return why each site, if it had everything, was still not chosen."""
        parts, scores = self.record.parts, self.record.scores
        objective = objective_of(parts)
        if isinstance(parts.strategy, ByRules):  # refused the order before it asked anyone
            return np.full(len(self.zone), _CODE[Reason.NOT_NEEDED])
        if isinstance(parts.strategy, Nearest):
            codes = np.full(len(self.zone), _CODE[Reason.FARTHER])
        else:
            cheaper: NDArray[np.int64] | int = _CODE[Reason.WORTH_KEEPING]
            if isinstance(objective, Balanced):
                cheaper = np.where(self.alone_day > self.plan_day, _CODE[Reason.LATER], cheaper)
            if isinstance(objective, Priced):
                cheaper = _CODE[Reason.PENALISED]
            codes = np.where(self.alone_cents > self.cents, _CODE[Reason.DEARER], cheaper)
        if isinstance(objective, DcFirst) and self.chosen:
            kind = [RANK_CENTS[site.kind] for site in parts.network.sites]
            codes[np.array(kind) > max(kind[site] for site in self.chosen)] = _CODE[Reason.LOWER_KIND]
        if scores is not None and len(self.chosen) == 1:
            best = scores[next(iter(self.chosen))]
            np.putmask(codes, abs(scores - best) <= 1e-12 * abs(best), _CODE[Reason.EQUAL])
        return codes

    def _by_rules(self, codes: NDArray[np.int64]) -> None:
        """Fill in what the last pass of the rules says of each site."""
        record = self.record
        last = record.trace[-1]
        at = {site: k for k, site in enumerate(last.order)}
        behind = max([at.get(site, -1) for site in self.chosen], default=-1)
        allocate = self.steps[-1].allocate
        for site in range(len(codes)):
            if site in last.kept_out:
                codes[site] = _CODE[last.kept_out[site]]
                if site in record.request.order.refused_by and last.kept_out[site] is Reason.DOES_NOT_DELIVER_THERE:
                    codes[site] = _CODE[Reason.REFUSED_BEFORE]
            elif codes[site] == 0 or codes[site] == _CODE[Reason.CARRIER_DOES_NOT_TAKE_IT]:
                if self._pinned_elsewhere[site]:
                    reason = Reason.PINNED_ELSEWHERE
                elif not self.has_all[site] and allocate in ("one_site", "whole_lines", "fewest_sites"):
                    reason = Reason.LACKS_PART
                elif allocate == "least_cost":
                    reason = Reason.DEARER if self.has_all[site] else Reason.LACKS_PART
                else:
                    reason = Reason.RANKED_LOWER if at.get(site, -1) > behind else Reason.NOT_NEEDED
                codes[site] = _CODE[reason]

    @cached_property
    def _pinned_elsewhere(self) -> NDArray[np.bool_]:
        """The sites that none of the order's products may come from, shape (sites,)."""
        request = self.record.request
        pins = dict(request.order.pinned)
        elsewhere = np.zeros(len(self.zone), dtype=np.bool_)
        if set(request.skus) <= pins.keys():
            elsewhere[:] = True
            elsewhere[[pins[sku] for sku in request.skus]] = False
        return elsewhere

    @cached_property
    def steps(self) -> list[Step]:
        """Return the step of each pass in the trace."""
        strategy = self.record.parts.strategy
        assert isinstance(strategy, ByRules)
        return [strategy.rules.steps[note.number] for note in self.record.trace]

    def _basket(self, parcel: Parcel) -> tuple[int, ...]:
        units = dict(parcel.lines)
        return tuple([units.get(sku, 0) for sku in self.record.request.skus])
