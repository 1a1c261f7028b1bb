"""A state saved is the state a run ends in, and another run goes on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.errors import FulfillSimError
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.study.kpis.reconcile import reconcile
from sim.study.runs.saved_state import save_state
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

DAYS = 4


@pytest.mark.parametrize("stock", ["unified", "by_channel"])
def test_nothing_is_lost_between_the_run_that_ends_and_the_one_that_begins(tmp_path: Path, stock: str) -> None:
    channels = {"web": {"share": "70 %"}, "app": {"share": "30 %"}}
    base = tiny(tmp_path / "base", demand__channels=channels, stock=stock)
    saved = save_state(base, "nearest", DAYS, 1, tmp_path / "warm")
    warm = load(tmp_path / "warm")
    assert (warm.file.clock.start - base.file.clock.start).days == DAYS
    assert warm.file.clock.warm_up == 0
    assert warm.opening_stock is not None
    assert warm.opening_stock.sum() == saved.units > 0
    assert warm.opening_receipts is not None
    assert warm.opening_receipts.units.sum() == saved.coming > 0
    assert len(warm.backlog) == saved.orders
    ledger = simulate(warm, Tape(warm, 1, 0), build_engine(routing_of(warm), "nearest", warm.network))
    audit(ledger)
    assert reconcile(ledger).holds


def test_what_is_saved_is_what_the_whole_run_has_at_that_moment(tmp_path: Path) -> None:
    base = tiny(tmp_path / "base", clock__warm_up="0 days", clock__measure=f"{DAYS + 3} days")
    save_state(base, "nearest", DAYS, 1, tmp_path / "warm")
    warm = load(tmp_path / "warm")
    ledger = simulate(base, Tape(base, 1, 0), build_engine(routing_of(base), "nearest", base.network))
    placed = ledger.shoppers.columns()
    before = placed["order"][placed["at"] < DAYS * 1440]
    lines, picks = ledger.order_lines.columns(), ledger.picks.columns()
    wanted = lines["quantity"][np.isin(lines["order"], before)].sum()
    gone = ledger.cancellations.columns()
    end = DAYS * 1440
    picked = picks["picked"][picks["at"] <= end].sum() + gone["quantity"][gone["at"] <= end].sum()
    assert sum(line.quantity for row in warm.backlog for line in row.lines) == wanted - picked
    came = ledger.receipts.columns()
    later = came["quantity"][came["at"] > end].sum()
    assert warm.opening_receipts is not None
    assert 0 < warm.opening_receipts.units.sum() <= later


def test_a_state_is_saved_where_its_scenario_can_be_extended(tmp_path: Path) -> None:
    base = tiny(tmp_path / "base")
    with pytest.raises(FulfillSimError, match="expected a folder beside base/"):
        save_state(base, "nearest", 1, 1, tmp_path / "deeper" / "warm")
    (tmp_path / "there").mkdir()
    with pytest.raises(FulfillSimError, match="exists already"):
        save_state(base, "nearest", 1, 1, tmp_path / "there")
