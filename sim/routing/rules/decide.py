"""From rules and a situation to a decision: a pure function, the same on every machine and in every run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.rules.allocate import ALLOCATORS
from sim.routing.rules.draft import Draft
from sim.routing.rules.ranks import by_score, lexicographic
from sim.routing.rules.reasons import Reason
from sim.routing.rules.standing import Standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.config import Rules, Step
    from sim.routing.rules.situation import Situation
    from sim.routing.rules.standing import Queue


@dataclass(slots=True)
class Answer:
    """Who gives what.

    Parameters
    ----------
    gives
        Units that each site gives, by line.
    later
        Units that each site gives from later supply, by line.
    unfilled
        Units that nobody gives, by line.
    reason
        How the plan came out.
    short
        Products of which there was not enough, if the order was refused for it.
    queue
        Where the unfilled units go.
    """

    gives: dict[int, list[int]]
    later: dict[int, list[int]]
    unfilled: list[int]
    reason: Reason
    short: tuple[int, ...] = ()
    queue: str | None = None


@dataclass(slots=True)
class StepTrace:
    """How one pass of one step came out.

    Parameters
    ----------
    relaxed
        How many turns of soft filters were given up.
    number
        Which of the steps it is, from 0.
    kept_out
        Why each site that was not asked was not.
    keys
        Each rule's key for every site.
    order
        The sites in the order they were asked.
    failed
        Why what the step found was not allowed, if it was not.
    """

    step: str
    relaxed: int
    number: int
    kept_out: dict[int, Reason] = field(default_factory=dict)
    keys: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    failed: Reason | None = None


def decide(
    rules: Rules,
    situation: Situation,
    trace: list[StepTrace] | None = None,
    known: dict[tuple[int, int], Standing] | None = None,
) -> Answer:
    """Apply rules to a situation.

    Parameters
    ----------
    trace
        Takes down why, pass by pass, if given; it costs time and changes nothing.
    known
        What these rules made of earlier orders from the same channel to the same place, by step and pass; what is
        worked out now is added. It saves time and changes nothing.
    """
    known = {} if known is None else known
    draft = Draft(situation)
    if rules.max_rejects is not None and situation.rejects >= rules.max_rejects:
        return _nothing(situation, Reason.PERMANENT_EXCEPTION)
    if rules.destination_required and situation.distance_km is None:
        return _nothing(situation, Reason.DESTINATION_REQUIRED)
    order: list[int] = []
    failed: Reason | None = None
    for number, step in enumerate(rules.steps):
        if step.when is not None and not step.when.holds(situation):
            continue
        for relaxed in step.passes:
            if not any(draft.left):
                break
            note = None
            if trace is None:
                queue = _standing(known, number, step, relaxed, situation).queue(situation)
                whole = None if draft.gives else _whole_at_first(step, situation, queue)
                if whole is not None:
                    return Answer({whole: list(situation.wanted)}, {}, [0] * len(draft.left), Reason.WHOLE)
                order = queue.order(_of_use(step, situation, draft))
            else:
                note = StepTrace(step.name or step.allocate, relaxed, number)
                trace.append(note)
                order = asked(step, situation, relaxed, note)
            before = draft.mark()
            ALLOCATORS[step.allocate](draft, situation, order, step, _most_sites(step, situation))
            failed = _forbidden(draft, situation, step)
            if failed is not None:
                draft.back_to(before)
            if note is not None:
                note.order, note.failed = order, failed
    later = _backorder(draft, situation, order) if rules.backorder else {}
    if any(draft.left) and rules.when_incomplete != "keep_part":
        refused = rules.when_incomplete == "refuse"
        short = tuple(dict.fromkeys(s for s, left in zip(situation.skus, draft.left, strict=True) if left))
        answer = _nothing(situation, Reason.INSUFFICIENT_STOCK if refused else failed or Reason.INCOMPLETE)
        answer.short, answer.queue = short if refused else (), rules.queue
        return answer
    if any(draft.left):
        reason = failed if failed is not None and not draft.gives else Reason.PART
    else:
        reason = Reason.SPLIT if len(draft.gives.keys() | later.keys()) > 1 else Reason.WHOLE
    return Answer(draft.gives, later, draft.left, reason, queue=rules.queue if any(draft.left) else None)


def asked(step: Step, situation: Situation, relaxed: int = 0, note: StepTrace | None = None) -> list[int]:
    """Return the sites a step asks, in order, with its soft filters up to turn `relaxed` given up."""
    eligible = situation.columns.open.copy()
    if note is not None:
        note.kept_out.update((int(site), Reason.SWITCHED_OFF) for site in np.flatnonzero(~eligible))
    if situation.may_serve is not None:
        if note is not None:
            barred = np.flatnonzero(eligible & ~situation.may_serve)
            note.kept_out.update((int(site), Reason.DOES_NOT_DELIVER_THERE) for site in barred)
        eligible &= situation.may_serve
    for each in step.filters:
        if each.soft is not None and each.soft <= relaxed:
            continue
        passes = each.passes(situation)
        if note is not None:
            note.kept_out.update((int(s), each.why(situation, int(s))) for s in np.flatnonzero(eligible & ~passes))
        eligible &= passes
    rules = step.rank or step.weigh
    keys = [rule.keys(situation) for rule in rules]
    if note is not None:
        note.keys.update((rule.by, key) for rule, key in zip(rules, keys, strict=True))
    if step.weigh:
        score, order = by_score(step.weigh, keys, eligible, situation.useful(), situation.columns.usual)
        if note is not None:
            note.kept_out.update((int(s), Reason.EXCLUDED_BY_SCORE) for s in np.flatnonzero(eligible & (score < 0)))
            note.keys["score"] = score
        return order
    return lexicographic(keys, eligible, situation.columns.usual)


def _standing(
    known: dict[tuple[int, int], Standing], number: int, step: Step, relaxed: int, situation: Situation
) -> Standing:
    found = known.get((number, relaxed))
    if found is None:
        found = known[number, relaxed] = Standing(step, relaxed, situation)
    return found


def _whole_at_first(step: Step, situation: Situation, queue: Queue) -> int | None:
    """Return the site asked first if it has all: every way to choose but the cheapest then stops there."""
    if step.allocate == "least_cost" or step.shipment_threshold is not None or situation.pinned:
        return None
    return queue.first_with_all() if len(set(situation.skus)) == len(situation.skus) else None


def _of_use(step: Step, situation: Situation, draft: Draft) -> NDArray[np.bool_] | None:
    """Return the sites of which one could give or take something, shape (sites,); None if that could be any."""
    if step.oversell:
        return None
    if step.allocate != "one_site":
        return situation.useful()
    able = draft.line_by_line()
    for sites in situation.backorderable or ():
        able |= sites
    return able


def _most_sites(step: Step, situation: Situation) -> int:
    if step.no_split_below is not None and situation.order_value < step.no_split_below:
        return 1
    return step.max_sites or len(situation.columns)


def _forbidden(draft: Draft, situation: Situation, step: Step) -> Reason | None:
    """Return why the outcome of a step is not allowed, None if it is."""
    if step.shipment_threshold is not None:
        parts = [*draft.gives.values(), draft.left]
        for part in parts:
            worth = sum(units * value for units, value in zip(part, situation.unit_value, strict=True))
            if any(part) and round(worth, 6) < step.shipment_threshold:
                return Reason.BELOW_SHIPMENT_THRESHOLD
    return None


def _backorder(draft: Draft, situation: Situation, order: list[int]) -> dict[int, list[int]]:
    """Promise what is open from later supply: each line whole at the first site that takes such orders."""
    later: dict[int, list[int]] = {}
    for bundle in draft.bundles:
        open_lines = [line for line in bundle if draft.left[line]]
        if not open_lines or situation.backorderable is None:
            continue
        pinned = situation.pinned
        for site in order:
            takes = (
                situation.backorderable[line][site] and (not pinned or pinned[line] in (-1, site))
                for line in open_lines
            )
            if all(takes):
                for line in open_lines:
                    later.setdefault(site, [0] * len(draft.left))[line] += draft.left[line]
                    draft.left[line] = 0
                break
    return later


def _nothing(situation: Situation, reason: Reason) -> Answer:
    return Answer({}, {}, list(situation.wanted), reason)
