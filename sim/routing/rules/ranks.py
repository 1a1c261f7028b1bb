"""In what order sites are asked: rules that give each site a key, and two ways to put the keys together.

A key is a number, lower is better; NaN means that the rule abstains for the site, which loses to any key. The same
rules serve lexicographically, where a later one decides only among equals, and weighted, where each is a share of a
score.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import WithJsonSchema, model_validator

from sim.errors import expected_one_of
from sim.fields import Model, PositiveNumber, SignedNumber, Text
from sim.routing.capacity.usage import COUNTERS
from sim.routing.plugged import Kind
from sim.routing.rules.capacity import Capacity
from sim.routing.rules.columns import as_word
from sim.routing.rules.measures import certainty, weeks_of_supply
from sim.units import cents, kilometres, minutes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation


def _lines_covered(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    covered = np.zeros(len(situation.columns))
    asked: dict[int, int] = {}
    lines = zip(situation.wanted, situation.skus, situation.available, strict=True)
    for quantity, sku, row in sorted(lines, key=itemgetter(0)):  # of two lines of one product the smaller one first
        asked[sku] = asked.get(sku, 0) + quantity  # two of them need two lots of it
        covered -= row >= asked[sku]
    return covered


def _skus_covered(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    covered = np.zeros(len(situation.columns))
    for line, quantity in situation.by_sku().values():
        covered -= situation.available[line] >= quantity
    return covered


def _units_covered(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    covered: NDArray[np.integer] | int = 0
    for line, quantity in situation.by_sku().values():
        units = np.minimum(situation.available[line], quantity)
        covered = np.maximum(units, 0, out=units) + covered
    return np.negative(covered, dtype=np.float64)


def _same_as_destination(situation: Situation, rule: RankBy) -> NDArray[np.float64]:
    name = rule.attribute or ""
    there = as_word(situation.destination.get(name))
    if not there:
        return np.full(len(situation.columns), np.nan)
    elsewhere: NDArray[np.bool_] = situation.columns.words(name) != there
    return elsewhere.astype(np.float64)


def _preferred(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    keys = np.full(len(situation.columns), np.nan)
    if situation.preferred >= 0:
        keys[situation.preferred] = 0
    return keys


def _inventory_balance(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    units = np.zeros(len(situation.columns))
    for line, _quantity in situation.by_sku().values():
        units += np.maximum(situation.available[line], 0)
    return -units


def _sales_velocity(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    if situation.per_week is None:
        return np.full(len(situation.columns), np.nan)
    sold = np.zeros(len(situation.columns))
    for row in situation.per_week:
        sold += row
    return sold


def _capacity_left(situation: Situation, rule: RankBy) -> NDArray[np.float64]:
    assert rule.capacity is not None  # the model demands it
    limit = rule.capacity.most(situation.columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = rule.capacity.taken(situation) / limit
    return np.where(np.isnan(limit), 0.0, np.where(limit == 0, 1.0, used))


def _round_robin(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    return np.nan_to_num(situation.number("last_used"), nan=-np.inf)


def _given(situation: Situation, rule: RankBy) -> NDArray[np.float64]:
    ranks = rule.ranks or {}
    found = [ranks.get(site) for site in situation.columns.ids]
    return np.array([np.nan if rank is None else rank for rank in found], dtype=np.float64)


def _cost(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    return np.full(len(situation.columns), np.nan) if situation.cost is None else situation.cost(situation.wanted)


def _drive_time(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    return np.full(len(situation.columns), np.nan) if situation.drive_min is None else situation.drive_min


def _promise(situation: Situation, _: RankBy) -> NDArray[np.float64]:
    if situation.arrival_day is None:
        return np.full(len(situation.columns), np.nan)
    return situation.arrival_day(situation.wanted)


class Rank(NamedTuple):
    """A ranking rule: what it computes and what is known of it.

    Parameters
    ----------
    key
        Returns each site's key.
    needs
        The option without which it means nothing.
    unit
        The unit of its key, if it has one.
    ties
        Whether sites tie under it as a matter of course; if not, no rule behind it ever acts.
    still
        Whether its key is the same for all orders to one place; of an attribute it is unless that is counted.
    whole_first
        Whether a site that has everything beats all that have not.
    """

    key: Callable[[Situation, Any], NDArray[np.float64]]
    needs: str | None = None
    unit: str | None = None
    ties: bool = True
    still: bool = False
    whole_first: bool = False


RANKS: dict[str, Rank] = {
    "distance": Rank(lambda s, _: s.distances(), unit="km", ties=False, still=True),
    "drive_time": Rank(_drive_time, unit="min", ties=False, still=True),
    "cost": Rank(_cost, unit="cents", ties=False),
    "promise_day": Rank(_promise),
    "priority": Rank(lambda s, _: s.number("priority"), still=True),
    "attribute": Rank(lambda s, rule: s.number(rule.attribute or ""), needs="attribute", still=True),
    "given": Rank(_given, needs="ranks", still=True),
    "same_as_destination": Rank(_same_as_destination, needs="attribute", still=True),
    "preferred_location": Rank(_preferred),
    "default_location": Rank(lambda s, _: np.where(s.number("default") == 1, 0.0, 1.0), still=True),
    "lines_covered": Rank(_lines_covered, whole_first=True),
    "skus_covered": Rank(_skus_covered, whole_first=True),
    "units_covered": Rank(_units_covered, whole_first=True),
    "inventory_balance": Rank(_inventory_balance),
    "weeks_of_supply": Rank(lambda s, _: -weeks_of_supply(s), ties=False),
    "sales_velocity": Rank(_sales_velocity, ties=False),
    "capacity_left": Rank(_capacity_left, needs="capacity"),
    "certainty": Rank(lambda s, _: -certainty(s), ties=False),
    "refusal_rate": Rank(lambda s, _: s.number("refusal_rate"), ties=False),
    "round_robin": Rank(_round_robin, ties=False),
    "id": Rank(lambda s, _: s.columns.by_name, ties=False, still=True),
}


class RankBy(Model):
    """One ranking rule in a routing file; one of another package is a subclass with `theirs` and its own settings."""

    theirs: ClassVar[Rank | None] = None
    by: Annotated[Text, WithJsonSchema({"enum": sorted(RANKS)})]
    """Name of the rule."""
    attribute: Text | None = None
    """The attribute that `attribute` and `same_as_destination` look at."""
    ranks: dict[str, SignedNumber | None] | None = None
    """Your own ranks by site, for `given`; None or absent abstains."""
    capacity: Capacity | None = None
    """What `capacity_left` looks at."""
    descending: bool = False
    """Turn the rule round: higher is better."""
    tie_below: SignedNumber | None = None
    """Keys below this count as equal: every store within 20 km is near."""
    band: PositiveNumber | None = None
    """Keys within the same band of this width tie, so that the next rule can act."""
    weight: PositiveNumber = 1
    """Share of the score, for `weigh`."""
    worst: SignedNumber | None = None
    """Key at which the score reaches 0, for `weigh`; None: the worst among the sites at hand."""
    exclude_unknown: bool = False
    """For `weigh`: a site for which the rule abstains is not asked at all."""

    @model_validator(mode="before")
    @classmethod
    def _read_units(cls, data: Any) -> Any:
        """Read "50 km", "15 min" or "1 USD" in the unit of the rule's key."""
        rank = (cls.theirs or RANKS.get(str(data.get("by")))) if isinstance(data, dict) else None
        if rank is None or rank.unit is None:
            return data
        read = {"km": kilometres, "cents": cents, "min": minutes}[rank.unit]
        return {k: read(v) if k in ("band", "tie_below", "worst") and v is not None else v for k, v in data.items()}

    @model_validator(mode="after")
    def _complete(self) -> RankBy:
        rank = self.theirs or RANKS.get(self.by)
        if rank is None:
            raise ValueError(f"by: {expected_one_of(self.by, RANKS)}")
        if rank.needs is not None and getattr(self, rank.needs) is None:
            raise ValueError(f"by: {self.by} - expected {rank.needs} to be given as well")
        return self

    @property
    def rank(self) -> Rank:
        """Return what is known of the rule."""
        return self.theirs or RANKS[self.by]

    def stands_still(self) -> bool:
        """Return whether the keys are the same for all orders from one channel to one place."""
        return self.rank.still and self.attribute not in COUNTERS

    def whole_first(self) -> bool:
        """Return whether sites that have everything tie before all that have not."""
        plain = not self.descending and self.tie_below is None and self.band is None
        return plain and RANKS[self.by].whole_first

    def keys(self, situation: Situation) -> NDArray[np.float64]:
        """Return each site's key, lower is better, NaN where the rule abstains, shape (sites,)."""
        keys = self.rank.key(situation, self)
        if self.descending:
            keys = np.negative(keys)
        if self.tie_below is not None:
            keys = np.maximum(keys, self.tie_below)
        return keys if self.band is None else np.floor(keys / self.band)


RANK_RULES = Kind("fulfillsim.ranks", "rank", "by", tuple(RANKS))
AnyRank = Annotated[RankBy, RANK_RULES.read(), RANK_RULES.write()]


def lexicographic(keys: list[NDArray[np.float64]], eligible: NDArray[np.bool_], usual: NDArray[np.int64]) -> list[int]:
    """Return the eligible sites in the order of the first key, the next one deciding among equals, `usual` at last."""
    sites = np.flatnonzero(eligible)
    columns = [usual[sites]]
    for key in reversed(keys):
        mine = key[sites]
        columns.append(np.where(np.isnan(mine), np.inf, mine))
    order: list[int] = sites[np.lexsort(columns)].tolist()
    return order


def places(keys: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return some keys as one: where each site stands if they are applied one after the other, equals sharing a place.

    >>> places([np.array([2.0, 1.0, np.nan, 1.0]), np.array([0.0, 5.0, 0.0, 5.0])]).tolist()
    [1.0, 0.0, 2.0, 0.0]
    """
    table = np.nan_to_num(np.stack(keys, axis=1), nan=np.inf, posinf=np.inf, neginf=-np.inf)
    return np.unique(table, axis=0, return_inverse=True)[1].reshape(-1).astype(np.float64)


def by_score(
    rules: tuple[RankBy, ...],
    keys: list[NDArray[np.float64]],
    eligible: NDArray[np.bool_],
    useful: NDArray[np.bool_],
    usual: NDArray[np.int64],
) -> tuple[NDArray[np.float64], list[int]]:
    """Return the score of each site, and the sites that it does not exclude in its order."""
    score = scores(rules, keys, eligible, useful)
    # a score is a sum of floats: beyond nine digits a difference is the order of addition, not a merit; and what is
    # unknown is no better than the worst that is known
    unknown = np.sum([np.isnan(key) for key in keys], axis=0)
    return score, lexicographic([-np.round(score, 9), unknown], score >= 0, usual)


def scores(
    rules: tuple[RankBy, ...], keys: list[NDArray[np.float64]], eligible: NDArray[np.bool_], useful: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return each site's weighted score, 0 to 1, higher is better; -1 excludes.

    Each rule's keys are stretched so that the best useful site scores 1 and the worst, or `worst` if stated, 0. Sites
    that could give nothing do not stretch the scale: whether they are there or not changes nothing.
    """
    total = np.zeros(len(eligible))
    excluded = ~eligible
    for rule, key in zip(rules, keys, strict=True):
        known = np.isfinite(key)
        seen = key[known & eligible & useful]
        if rule.exclude_unknown:
            excluded |= np.isnan(key)
        if seen.size == 0:
            continue
        best = seen.min()
        worst = seen.max() if rule.worst is None else rule.worst
        width = worst - best
        share = np.clip((worst - key) / width, 0, 1) if width > 0 else (key <= best).astype(np.float64)
        total += rule.weight * np.where(known, share, key == -np.inf)
    total /= sum(rule.weight for rule in rules)
    return np.where(excluded, -1.0, total)
