"""What a router did that none may do, counted and told; and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.errors import FulfillSimError, expected_one_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fault(StrEnum):
    """Kinds of faults."""

    LATE = "no answer in time"
    FAILED = "no answer that can be read"
    WRONG = "a plan that cannot be carried out"
    OVERSOLD = "stock promised that it was told is not there"
    DATES = "dates that cannot be"
    COSTS = "costs that cannot be"
    AVAILABLE = "more on offer than it was told is there"
    UNASKED = "a decision that nobody waits for"
    OVERDUE = "an order held for longer than was said"
    SLEEPLESS = "a turn asked for that cannot be"
    OTHERWISE = "another answer to the same question"


class Found(NamedTuple):
    """The first fault of a kind, and how many there were."""

    kind: Fault
    times: int
    first: str


@dataclass(slots=True)
class Faults:
    """The faults of one run.

    Attributes
    ----------
    count, first
        By kind: how many, and what the first one was.
    """

    count: dict[Fault, int] = field(default_factory=dict)
    first: dict[Fault, str] = field(default_factory=dict)

    def note(self, kind: Fault, what: str) -> None:
        """Note one."""
        self.count[kind] = self.count.get(kind, 0) + 1
        self.first.setdefault(kind, what)

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(self.count.values())

    def found(self) -> list[Found]:
        """Return each kind that there was."""
        return [Found(kind, self.count[kind], self.first[kind]) for kind in Fault if kind in self.count]


def all_of(runs: Iterable[Faults]) -> Faults:
    """Return the faults of several runs, the first of each kind from the first run that had one."""
    whole = Faults()
    for run in runs:
        for kind, count in run.count.items():
            whole.count[kind] = whole.count.get(kind, 0) + count
            whole.first.setdefault(kind, run.first[kind])
    return whole


class StoppedError(FulfillSimError):
    """A router's fault, where the policy is to stop."""

    def __init__(self, kind: Fault, what: str) -> None:
        self.kind, self.what = kind, what
        super().__init__(kind, what)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done when a router fails.

    Parameters
    ----------
    then
        `fallback`: this program decides, by a strategy of the scenario, on what the router was told; `cancel`: what it
        was asked for is given up; `stop`: the candidate has failed.
    strategy
        For `fallback`.
    seconds
        Longest wait for an answer.
    most
        Faults, of all runs of one side together, beyond which the candidate fails.
    """

    then: Literal["fallback", "cancel", "stop"] = "fallback"
    strategy: str = "cheapest"
    seconds: float = 5.0
    most: int = 0

    def says(self) -> str:
        """Return it as it is written."""
        return f"fallback:{self.strategy}" if self.then == "fallback" else self.then


def read_policy(text: str, seconds: float, most: int) -> Policy:
    """Read ``fallback:<strategy>``, ``cancel`` or ``stop``.

    Raises
    ------
    FulfillSimError
        If it is none of them.
    """
    then, _, strategy = text.partition(":")
    match then:
        case "fallback" if strategy:
            return Policy("fallback", strategy, seconds, most)
        case "cancel" if not strategy:
            return Policy("cancel", "", seconds, most)
        case "stop" if not strategy:
            return Policy("stop", "", seconds, most)
    if then == "fallback":
        raise FulfillSimError(f"--on-fault {shown(text)} - expected a strategy, such as fallback:cheapest")
    raise FulfillSimError(f"--on-fault {expected_one_of(text, ['fallback:cheapest', 'cancel', 'stop'])}")
