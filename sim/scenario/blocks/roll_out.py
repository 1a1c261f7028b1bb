"""What sites begin to do on some day, or do on some days only: to send online orders, to hand them over the counter.

roll_out:
  sends:
    of: {kinds: [store]} # of these, only those named below, in their days
    on:
      - {where: {sites: [store_denver_co, store_seattle_wa]}, first: 2026-03-02}
      - {where: {states: [MA]}, first: 2026-03-02, last: 2026-03-15}

What is under way when a site stops is finished there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from sim.fields import Day, Model
from sim.scenario.blocks.exceptions import Where
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.network.site import Site

Spans = dict[int, list[tuple[float, float]]]


class On(Model):
    """Some sites, and the days on which they do it, both included; without a day: from the start, or for good."""

    where: Where = Where()
    first: Day | None = None
    last: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> On:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} - expected no earlier than first {self.first}")
        return self


class Started(Model):
    """Who does something only when he is named, and who is named when."""

    of: Where = Where()
    on: tuple[On, ...] = ()

    def spans(self, sites: Sequence[Site], start: date) -> Spans:
        """Return when each of the sites does it, minutes on the scenario's clock; of a site never named, no time."""
        found: Spans = {}
        for j, site in enumerate(sites):
            row = {"kind": site.kind, "state": site.state, "id": site.id}
            if self.of.holds(row):
                found[j] = merged([_minutes(each, start) for each in self.on if each.where.holds(row)])
        return found


class RollOutBlock(Model):
    """What is absent every site does that can, all the time."""

    sends: Started | None = None
    """Online orders are sent from there. Before and after, the router takes its shelf for empty."""
    collects: Started | None = None
    """Shoppers may collect there, as the block `pick_up:` says."""


def merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans in order of time, those that meet made one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def not_in(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the rest of all time from the start, between and after spans in order of time."""
    edges = [0.0, *(max(edge, 0.0) for span in spans for edge in span), float("inf")]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def _minutes(on: On, start: date) -> tuple[float, float]:
    first = 0 if on.first is None else (on.first - start).days
    last = float("inf") if on.last is None else (on.last - start).days + 1
    return first * MINUTES_PER_DAY, last * MINUTES_PER_DAY
