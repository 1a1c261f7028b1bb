"""`fulfillsim warm-up`: from an empty start orders under way rise and settle; growing trade never does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.settling import HOURS_A_DAY, settling
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

LONG = {"clock__warm_up": "7 days", "clock__measure": "28 days"}


def test_orders_under_way_begin_with_none_and_settle_within_the_first_weeks(tmp_path: Path) -> None:
    under_way, hours, usd = settling(tiny(tmp_path, **LONG), "cheapest", 3, seed=1)
    assert under_way.hourly.shape == (3, 35 * HOURS_A_DAY)
    assert under_way.hourly[:, 0].tolist() == [0, 0, 0]
    assert under_way.found.steady
    assert 0 < under_way.days < 14
    # Little's law: orders under way = orders an hour times hours to delivery
    assert under_way.found.mean > 0
    assert np.isfinite(hours.hourly).all()
    assert (usd.hourly > 0).all()


def test_the_command_tells_whether_the_warm_up_is_enough(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    done = fulfillsim("warm-up", tiny_scenario, "--days", 20, "--replications", 2, "--out", tmp_path)
    assert "Orders under way" in done.stdout
    assert "plots in" in done.stdout
    (folder,) = (tmp_path / tiny_scenario.name).iterdir()
    assert len(list((folder / "figures").glob("warm_up_*.png"))) == 3


def test_a_run_of_a_few_days_says_nothing_of_it(tmp_path: Path) -> None:
    with pytest.raises(FulfillSimError, match="expected at least 14, see --days"):
        settling(tiny(tmp_path), "cheapest", 1, seed=1)
