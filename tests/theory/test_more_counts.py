"""Records between counts of every kind, against Poisson and Skellam laws; and news of which a part is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.special import ive

from tests.theory.drifting import count_every, unsold
from tests.theory.one_site import ALL_AT_ONCE, one_site, run
from tests.theory.queues import Interval

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PRODUCTS = 600


def wrong(
    folder: Path, days: int, records: dict[str, Any], counting: dict[str, Any] | None = None
) -> NDArray[np.float64]:
    """Return the share of records that are wrong at noon of each day, where nobody buys."""
    counted = {"site_kinds__store__counting": counting} if counting else {}
    snapshots = run(unsold(folder, PRODUCTS, 50, days, records, **counted, snapshot__at="12:00")).snapshots.columns()
    share: NDArray[np.float64] = 1 - snapshots["record_equal"] / snapshots["record_pairs"]
    return share[:days]


def noise(truth: float, cycles: int = 1) -> float:
    """Return four standard errors of a share of independent records."""
    return float(4 * np.sqrt(truth * (1 - truth) / PRODUCTS / cycles))


def since_count(rate: float, every: int) -> float:
    """Return the share of records wrong, losses at a rate, at noon of any day since a count so many days apart."""
    return float(1 - np.exp(-rate * (np.arange(every) + 0.5)).mean())


# twenty products a day are a count of each every thirty days; classes of half of the value each at their own pace
@pytest.mark.parametrize(
    ("policy", "periods"),
    [
        ({"continuous": {"products_a_day": 20}}, (30, 30)),
        ({"classes": [{"value": "50 %", "every": "15 days"}, {"value": "50 %", "every": "45 days"}]}, (15, 45)),
    ],
)
def test_records_are_as_wrong_as_their_counts_are_apart(
    tmp_path: Path, policy: dict[str, Any], periods: tuple[int, int]
) -> None:
    rate, days, settled = 0.04, 135, 45
    counting = {"at": "00:00", "per_product": "1 min", "per_hour": "18 USD", **policy}
    found = wrong(tmp_path, days, {"shrink": {"per_product_day": rate}}, counting)[settled:].mean()
    truth = sum(since_count(rate, every) for every in periods) / 2
    # days of one cycle are alike, so that three cycles of thirty are no more than three samples of a record
    assert abs(found - truth) <= noise(truth, (days - settled) // max(periods))


def test_what_is_noticed_is_struck_off_and_only_the_rest_is_wrong(tmp_path: Path) -> None:
    found = wrong(tmp_path, 30, {"damage": {"per_product_day": 0.05, "noticed": "70 %"}})
    truth = 1 - np.exp(-0.05 * 0.3 * 29.5)
    assert abs(found[-1] - truth) <= noise(truth)


def test_a_count_that_errs_leaves_its_own_errors(tmp_path: Path) -> None:
    found = wrong(tmp_path, 11, {"shrink": {"per_product_day": 0.01}}, count_every(5, error="20 %"))
    for day in (5, 10):  # half a day after a count
        right = 0.8 * np.exp(-0.005) + 0.1 * 0.005  # an error of one up, undone by a loss
        assert abs(found[day] - (1 - right)) <= noise(1 - right)


def test_units_booked_as_another_product_make_records_differ_as_a_skellam_law_says(tmp_path: Path) -> None:
    # of two sold a day of each, 5 % are booked as another: as many errors up as down, 0.1 a day each
    products, rate, days = 400, 2.0, 15
    till = {"errors": {"till": {"scanned": 0, "unscanned": "5 %"}}}
    scenario = one_site(
        tmp_path, products, 2000, "store", demand__shoppers_per_day=1e-9, clock__measure=f"{days} days",
        clock__drain_limit="1 day", walk_ins__units_per_store_day=rate * products, snapshot__at="23:59",
        site_kinds__store__records=till, **ALL_AT_ONCE,
    )  # fmt: skip
    snapshots = run(scenario).snapshots.columns()
    right = snapshots["record_equal"][days - 1] / snapshots["record_pairs"][days - 1]
    truth = float(ive(0, 2 * 0.05 * rate * days))
    assert abs(right - truth) <= 4 * np.sqrt(truth * (1 - truth) / products)


def test_news_of_which_a_part_is_lost_is_older_by_a_geometric_number_of_periods(tmp_path: Path) -> None:
    # full counts every half an hour, two minutes on their way, 30 % lost: 2 + 15 + 30 * 0.3 / 0.7 minutes on average
    feed = {"kind": "poll", "every": "30 min", "latency": "2 min", "loss": "30 %", "snapshot": "full"}
    scenario = one_site(
        tmp_path, 1, 1_000_000, demand__shoppers_per_day=500, clock__measure="20 days", site_kinds__dc__feed=feed,
        **ALL_AT_ONCE,
    )  # fmt: skip
    told = run(scenario).decisions.columns()
    day = (told["at"] // 1440).astype(int)
    ages = np.array([told["stock_age_min"][day == k].mean() for k in range(1, 20)])
    assert Interval.of(ages).agrees(2 + 15 + 30 * 0.3 / 0.7, 0.12)
