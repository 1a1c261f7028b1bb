"""What becomes of the messages of a site: each arrives never, once or twice, by its own luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from sim.chance.streams import Hashed
from sim.scenario.blocks.feeds import EventFeed, Feed, PollFeed
from sim.world.news.line import Line, arrivals_together

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 20_000


def line(luck: Sequence[Sequence[float]] | None = None, **feed: Any) -> Line:
    """Return the line of a feed; each message has these draws in turn, or the luck of a tape."""
    plain = {"kind": "event", "latency": "2 min"} | feed
    drawn = Hashed(1, 0, "line") if luck is None else lambda number, draw: luck[number][draw]
    return Line(TypeAdapter(Feed).validate_python(plain), drawn)


def test_a_message_arrives_after_its_own_latency() -> None:
    law = {"law": "uniform", "low": "2 min", "high": "12 min"}
    found = line([[0, 0.1], [0, 0.9]], latency=law)
    assert [found.arrivals(100.0), found.arrivals(101.0)] == [
        [103.0],
        [112.0],
    ]  # the second, had it 1 minute less, first


@pytest.mark.parametrize(
    ("draws", "more", "arrives"),
    [
        ([0.1], {"loss": "20 %"}, []),
        ([0.2, 0.5], {"loss": "20 %"}, [102.0]),
        ([0.1, 0, 0, 0, 0.1, 0, 0, 0, 0.3, 0.5], {"loss": "20 %", "retry_after": "7 min"}, [116.0]),
        ([0, 0.5, 0.04, 0.5], {"duplicates": "5 %"}, [102.0, 102.0]),
        ([0, 0.5, 0.05, 0.5], {"duplicates": "5 %"}, [102.0]),
    ],
)
def test_a_message_is_lost_sent_again_or_doubled(
    draws: list[float], more: dict[str, str], arrives: list[float]
) -> None:
    assert line([draws], **more).arrivals(100.0) == arrives


def test_shares_of_messages_lost_and_doubled_are_those_stated() -> None:
    lossy = line(loss="20 %", duplicates="10 %")
    copies = np.array([len(lossy.arrivals(0.0)) for _ in range(MANY)])
    for share, expected in ((copies == 0, 0.2), (copies == 2, 0.8 * 0.1)):
        assert share.mean() == pytest.approx(expected, abs=4 * (expected * (1 - expected) / MANY) ** 0.5)


def test_retries_add_their_geometric_delay() -> None:
    # p lost each time: p / (1 - p) retries on average, variance p / (1 - p)^2
    patient = line(loss="25 %", retry_after="10 min")
    delays = np.array([patient.arrivals(0.0)[0] for _ in range(MANY)])
    assert delays.mean() == pytest.approx(2 + 10 / 3, abs=4 * 10 * (0.25**0.5 / 0.75) / MANY**0.5)


@pytest.mark.parametrize(
    "more", [{"loss": "25 %"}, {"loss": "25 %", "retry_after": "10 min"}, {"loss": "25 %", "duplicates": "25 %"}, {}]
)
def test_messages_sent_together_fare_as_they_would_one_by_one(more: dict[str, str]) -> None:
    feed = TypeAdapter(Feed).validate_python({"kind": "poll", "every": "1 h", "latency": "2 min"} | more)
    apart, together = ([Line(feed, Hashed(1, 0, f"site {k}")) for k in range(40)] for _ in range(2))
    for hour in range(20):
        assert arrivals_together(together, 60.0 * hour) == [each.arrivals(60.0 * hour) for each in apart]


def test_a_cadence_is_a_name_or_a_span() -> None:
    feeds: TypeAdapter[Any] = TypeAdapter(Feed)
    webhook, poll, nightly = (feeds.validate_python(name) for name in ("webhook", "90 min", "nightly"))
    assert isinstance(webhook, EventFeed)
    assert webhook.latency.build().mean == pytest.approx(17.5 / 60)
    assert isinstance(poll, PollFeed)
    assert poll.every == 90
    assert nightly.at.hour == 2


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"retry_after": "5 min"}, "nothing is lost"),
        ({"snapshot": "full", "full_every": "1 day"}, "every snapshot is full"),
    ],
)
def test_what_makes_no_difference_is_refused(more: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        TypeAdapter(Feed).validate_python({"kind": "poll", "every": "5 min"} | more)
