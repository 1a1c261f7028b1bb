"""The plan of a pilot, pilot.yaml: what is tried, by what it is judged, what it may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field, model_validator

from sim.errors import ScenarioError, expected_one_of
from sim.fields import Between, Cents, Count, Model, Number, PositiveCount, Share, Text, plain, whole
from sim.files import read_yaml, validate
from sim.scenario.blocks.exceptions import Where
from sim.study.pilot.looks import Spending
from sim.study.pilot.outcomes import BY_NAME

if TYPE_CHECKING:
    from pathlib import Path

DesignName = Literal["parallel", "matched_pairs", "change", "adjusted", "stepped_wedge", "switchback", "naive"]
Weeks = Annotated[int, Between(whole, 1, 104)]
Level = Annotated[float, Between(plain, 0, 1, above=True)]


class WeeksBlock(Model):
    """How long it lasts."""

    before: Weeks = 4
    """Untreated weeks that are looked at."""
    settle: Annotated[int, Between(whole, 0, 12)] = 1
    """Weeks after a start that are not looked at: stock has to move."""
    after: tuple[Weeks, ...] = Field(default=(2, 4), min_length=1)
    """How many weeks to look at afterwards: the columns of the grid."""


class StoresBlock(Model):
    """Which stores may take part."""

    of: Where = Where()
    """Whom the treatment is for: all of these have it in the roll-out."""
    together: Literal["store", "state"] = "store"
    """What is treated as one: each store by itself, or all stores of a state, where one serves the markets of others;
    then the numbers below are of states."""
    leave_out: tuple[Text, ...] = ()
    """Stores that cannot take part: they are never treated, and alone not compared with either."""
    strata: tuple[Literal["people", "km", "size"], ...] = ("people", "km")
    """What treated stores are to be spread over: people to whom they are the nearest, kilometres to the nearest other
    site, walk-in size."""
    treated: tuple[Annotated[int, Between(whole, 2, 10_000)], ...] = Field(default=(4, 8, 16, 32, 64), min_length=1)
    """How many to treat: the rows of the grid. In pairs, so many pairs; in a wedge and a switchback, so many take
    part."""


class CostBlock(Model):
    """What a pilot costs."""

    once: Cents = 0.0
    per_store: Cents = 0.0
    """Each treated store: bench, scanner, training."""
    per_store_week: Cents = 0.0
    per_week: Cents = 0.0
    """People who run it."""

    def of(self, stores: int, weeks: int) -> float:
        """Return cents."""
        return self.once + stores * (self.per_store + weeks * self.per_store_week) + weeks * self.per_week


class Plan(Model):
    """A plan."""

    begins: Literal["sends", "collects"]
    """What a store begins to do when it is treated: to send online orders, or to hand them over its counter."""
    outcome: Text = "cost_per_order"
    effect: Annotated[float, Between(plain, -1e9, 1e9)] | None = None
    """The effect to be found, in the outcome's own unit. Absent: what the whole roll-out comes to."""
    alpha: Share = 0.05
    power: Annotated[float, Between(plain, 0.5, 0.999)] | Share = 0.8
    weeks: WeeksBlock = WeeksBlock()
    stores: StoresBlock = StoresBlock()
    designs: tuple[DesignName, ...] = Field(default=get_args(DesignName), min_length=1)
    waves: Annotated[int, Between(whole, 2, 52)] = 4
    """Of a stepped wedge."""
    block: Weeks = 1
    """Weeks between two switches of a switchback."""
    naive: Annotated[int, Between(whole, 2, 100)] = 3
    """How many of the best stores go first where nobody thinks of a design: those with most people near them."""
    looks: PositiveCount = 1
    """How often the pilot is looked at: the last look is at its end."""
    spending: Spending = "obrien_fleming"
    """How alpha is spent over the looks: sparingly at first (obrien_fleming), or so as to stop sooner (pocock)."""
    cost: CostBlock = CostBlock()
    pilots: PositiveCount = 8
    """Pilots that are simulated, each on luck of its own."""
    laid: PositiveCount = 400
    """Pilots laid on these histories by drawing other stores, to know power and level closely."""
    bias: Share = 0.25
    """Of the effect: a design that is wrong by more is not recommended."""
    busy: Share = 0.8
    """Share of what its people can pick in an hour from which a store's busiest hour is a warning."""
    rate: Number | None = None
    """Order lines that one picker picks in an hour. Absent: as the scenario's pick times say."""
    spare: Count = 0
    """Pickers besides those of the scenario."""

    @model_validator(mode="after")
    def _known(self) -> Plan:
        if self.outcome not in BY_NAME:
            raise ValueError(f"outcome: {expected_one_of(self.outcome, BY_NAME)}")
        if not 0 < self.alpha < 0.5:
            raise ValueError(f"alpha: {self.alpha:.0%} - expected more than 0 % and less than 50 %")
        if len(set(self.designs)) < len(self.designs):
            raise ValueError("designs: one stands twice - expected each once")
        if self.designs == ("naive",):
            raise ValueError("designs: naive alone - expected one beside it whose stores are drawn by chance")
        return self


TEMPLATE = """\
# The plan of a pilot: fulfillsim pilot SCENARIO --treatment CHANGE --plan pilot.yaml
begins: sends              # what a treated store begins to do: sends (online orders) or collects (at its counter)
outcome: cost_per_order    # by what it is judged, store by store: {outcomes}
# effect: -0.50            # to be found, in the outcome's unit; absent: what the whole roll-out comes to
alpha: 5 %
power: 80 %
weeks:
  before: 4                # untreated weeks that are looked at
  settle: 1                # after a start, not looked at
  after: [2, 3]            # looked at: the columns of the grid
stores:
  of: {{kinds: [store]}}     # whom the roll-out is for
  together: store          # what is treated as one: store, or state where stores serve one another's markets
  leave_out: []            # stores that cannot take part
  strata: [people, km]     # what treated stores are spread over: people, km, size
  treated: [4, 8, 16, 32]  # the rows of the grid
designs: [{designs}]
waves: 4                   # of the stepped wedge
block: 1                   # weeks between switches of the switchback
naive: 3                   # best stores of the naive pilot
looks: 1                   # times it is looked at
spending: obrien_fleming   # how alpha is spent over the looks: obrien_fleming, or pocock to stop sooner
cost:
  once: 0 USD
  per_store: 2500 USD      # bench, scanner, training
  per_store_week: 150 USD
  per_week: 2000 USD       # people who run it
pilots: 8                  # simulated, each on luck of its own
bias: 25 %                 # of the effect: a design that is wrong by more is not recommended
busy: 80 %                 # of what its people can pick in an hour: from there a store is warned of
"""


def template() -> str:
    """Return a plan with every usual key, to be changed."""
    return TEMPLATE.format(outcomes=", ".join(BY_NAME), designs=", ".join(get_args(DesignName)))


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    ScenarioError
        With every problem, at its line.
    """
    file = read_yaml(path)
    plan = validate(Plan, file)
    for key in (("stores", "treated"), ("weeks", "after")):
        values = file.at(key) or []
        if sorted(set(values)) != list(values):
            raise ScenarioError([file.problem(key, f"{values} - expected numbers that rise")])
    return plan
