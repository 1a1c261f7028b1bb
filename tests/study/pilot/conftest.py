"""One small sizing for all who look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.study.pilot.chain import small_sizing, small_study

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.pilot.sizing import Sizing
    from sim.study.pilot.worlds import Study


@pytest.fixture(scope="session")
def study() -> Study:
    """The chain, whose stores may all begin to send."""
    return small_study()[0]


@pytest.fixture(scope="session")
def kept() -> Path:
    """Where its worlds are kept."""
    return small_study()[1]


@pytest.fixture(scope="session")
def sizing() -> Sizing:
    """Its pilot, sized."""
    return small_sizing()
