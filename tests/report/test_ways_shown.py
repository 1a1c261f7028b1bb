"""Pick-up, merges and declines are shown where there are any; who fulfils is always told."""

from __future__ import annotations

import math

import pytest

from sim.report.comparison.groups import groups_of


@pytest.mark.parametrize(
    ("known", "more"),
    [
        ({"mix_dc": 0.7, "mix_store": 0.3}, {"By whom": ["mix_dc", "mix_store"]}),
        ({"mix_dc": 0.7, "merged_rate": 0.1}, {"By whom": ["mix_dc", "merged_rate"]}),
        ({"pick_up_rate": 0.2, "no_show_rate": 0.1}, {"Pick-up": ["pick_up_rate", "no_show_rate"]}),
    ],
)
def test_a_column_is_shown_where_it_has_something_to_tell(known: dict[str, float], more: dict[str, list[str]]) -> None:
    shown = groups_of(lambda name: [known.get(name, math.nan)])
    found = {title: list(heads) for title, heads in shown}
    assert {title: found[title] for title in more} == more
    assert ("Pick-up" in found) is ("Pick-up" in more)
