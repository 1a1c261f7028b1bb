from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tiny import tiny

if TYPE_CHECKING:
    from sim.scenario.load import Scenario


@pytest.fixture(scope="session")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The tiny scenario."""
    return tiny(tmp_path_factory.mktemp("tiny"))
