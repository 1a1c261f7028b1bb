"""What an optimisation is asked: a file, or the same blocks said on a command line or in Python.

minimise: cost_per_order                                # one KPI or several; maximise likewise
subject_to: {order_fill_rate: at least 98 %}            # as goals are written
strategies: [cheapest, balanced]
vary:                                                   # as `--over` of a sweep
  site_kinds.store.feed: [5 min, 60 min]
  routing.strategies.balanced.day_value: 0.5 USD..2 USD step 0.5 USD
sites: {where: {kinds: [third_party]}, at_least: 1}     # which of them are on
stock: {shares: {dc: 5 %..30 %, store: 70 %..95 %}}     # of all units, which stay as many
search: {runs: 160, replications: 4}
final: {finalists: 4, runs: 200, matters: 0.05 USD}      # by: ocba gives each run to where it tells most
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from sim.errors import expected_one_of
from sim.fields import Between, Count, Model, Share, Text, whole
from sim.network.site import SiteKind
from sim.scenario.blocks.exceptions import Where
from sim.study.kpis.catalogue import BY_NAME
from sim.units import share

FIRST = 10
"""Fresh replications of each finalist before anything is judged."""
MOST_REPLICATIONS = 10_000


def _kpi(value: object) -> str:
    if value not in BY_NAME:
        raise ValueError(f"unknown KPI {expected_one_of(value, BY_NAME)}")
    return str(value)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


KpiNames = Annotated[tuple[Annotated[str, BeforeValidator(_kpi)], ...], BeforeValidator(_listed)]
Replications = Annotated[int, Between(whole, 1, MOST_REPLICATIONS)]


class SitesBlock(Model):
    """Sites of which it is to be decided which are on."""

    where: Where = Where()
    """Absent: all sites."""
    at_least: Count = 1
    at_most: Count | None = None
    """Absent: all of them."""
    off: Literal["closed", "sends_nothing"] = "closed"
    """`closed`: a site that is off is not there. `sends_nothing`: it trades, and no order is sent from there."""


class StockBlock(Model):
    """A total of stock of which it is to be decided how it is shared among kinds of sites."""

    shares: dict[SiteKind, Text] = Field(min_length=2)
    """Least and most of each kind, such as `5 %..30 %`; all kinds of sites of ours."""
    step: Annotated[float, Between(share, "0.01 %", "50 %")] = 0.01
    """A share is a multiple of it."""
    units: Annotated[int, Between(whole, 1, 1_000_000_000)] | None = None
    """In all. Absent: as many as the scenario has as it stands."""

    @property
    def steps(self) -> int:
        """How many steps the whole is."""
        return round(1 / self.step)


class SearchBlock(Model):
    """The search: many candidates, a few replications each."""

    runs: Annotated[int, Between(whole, 2, 1_000_000)] = 160
    """Most runs, one replication of one candidate each."""
    replications: Replications = 4
    """Of each candidate, on the same luck."""


class FinalBlock(Model):
    """The final: the best that were found, on luck that nobody has seen."""

    finalists: Annotated[int, Between(whole, 1, 50)] = 4
    """How many, beside the scenario as it stands."""
    runs: Annotated[int, Between(whole, 1, 1_000_000)] = 200
    """Most runs of all of them together."""
    matters: Any = None
    """Least difference of the objective that matters, in its unit. Absent: the KPI's own margin."""
    by: Literal["kim_nelson", "ocba"] = "kim_nelson"
    """`kim_nelson` promises that chance. `ocba` estimates it, and gives each run to where it tells most."""
    chance: Share = 0.95
    """With which the selection is right."""
    proof: Annotated[int, Between(whole, 2, MOST_REPLICATIONS)] = 10
    """Replications of the winner and of the scenario as it stands on fresh luck again, after all is decided."""


class Asked(Model):
    """What is to be best, what has to hold, and what may be decided."""

    says: Text = ""
    minimise: KpiNames = ()
    maximise: KpiNames = ()
    subject_to: dict[Text, Any] = Field(default_factory=dict)
    """What has to hold, by KPI: `at least 98 %`, or `10 % lower than the baseline`, which is the scenario as it is."""
    strategies: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    """Which of them may route; the scenario as it stands has the first. Absent: `cheapest`, or else the first."""
    vary: dict[Text, Any] = Field(default_factory=dict)
    """Values by path, a list or a range such as `5 min..60 min step 5 min`; a+b is one value at both paths."""
    sites: SitesBlock | None = None
    stock: StockBlock | None = None
    search: SearchBlock = SearchBlock()
    final: FinalBlock = FinalBlock()

    @model_validator(mode="after")
    def _something_to_be_best(self) -> Asked:
        if not (self.minimise or self.maximise):
            raise ValueError("nothing is to be best - expected minimise or maximise, such as minimise: cost_per_order")
        every = (*self.minimise, *self.maximise)
        if repeated := [name for k, name in enumerate(every) if name in every[:k]]:
            raise ValueError(f"{repeated[0]} is to be best twice - expected each KPI once")
        if not (self.vary or self.sites or self.stock or len(set(self.strategies)) > 1):
            raise ValueError("nothing may be decided - expected vary, sites, stock or several strategies")
        return self

    @model_validator(mode="after")
    def _enough_runs(self) -> Asked:
        if self.search.runs < 2 * self.search.replications:
            raise ValueError(
                f"search.runs: {self.search.runs} - expected at least {2 * self.search.replications}: two candidates "
                f"of {self.search.replications} replications"
            )
        if self.final.runs < (least := FIRST * (self.final.finalists + 1)):
            raise ValueError(
                f"final.runs: {self.final.runs} - expected at least {least}: {FIRST} replications of "
                f"{self.final.finalists} finalists and of the scenario as it stands"
            )
        return self

    @property
    def candidates(self) -> int:
        """How many are tried at most, beside the scenario as it stands."""
        return self.search.runs // self.search.replications - 1

    @property
    def most(self) -> int:
        """Fresh replications of a finalist at most."""
        return self.final.runs // (self.final.finalists + 1)


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a file that asks, for editors that complete and check while one types."""
    found: dict[str, Any] = TypeAdapter(Asked).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "FulfillSim optimisation"}
