"""Analytic case sync_staleness: the age of the news a Poisson order is decided by is latency + U(0, period)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from tests.theory.one_site import ALL_AT_ONCE, one_site, run

if TYPE_CHECKING:
    from pathlib import Path

Z = 4.0


def test_the_age_of_news_is_the_latency_and_a_uniform_share_of_the_period(tmp_path: Path) -> None:
    scenario = one_site(
        tmp_path, 1, 100_000, clock__warm_up="1 day", clock__measure="2 days", demand__shoppers_per_day=2500,
        site_kinds__dc__feed={"kind": "poll", "every": "15 min", "latency": "2 min"}, **ALL_AT_ONCE,
    )  # fmt: skip
    cohort = cohort_of(run(scenario))
    ages = cohort.decisions["stock_age_min"]
    count = len(ages)
    assert count > 4500
    sums = [sums_of(cohort)]
    mean, p95 = (estimate(BY_NAME[name], sums).value for name in ("stock_age_min", "stock_age_p95_min"))
    assert mean == pytest.approx(9.5, abs=Z * 4.330127 / count**0.5)
    # standard error of a quantile: sqrt(p (1 - p) / n) over the density 1 / 15
    assert p95 == pytest.approx(16.25, abs=Z * 15 * (0.95 * 0.05 / count) ** 0.5)
    # the fourth central moment of a uniform law is period^4 / 80
    variance_error = ((15**4 / 80 - 4.330127**4) / count) ** 0.5
    assert np.var(ages) == pytest.approx(4.330127**2, abs=Z * variance_error)
    assert 2 <= ages.min() < ages.max() < 17
