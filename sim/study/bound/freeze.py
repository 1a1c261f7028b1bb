"""A scenario with what reacts to decisions frozen, so that a bound exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.load import load
from sim.study.bound.reacts import reactions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sim.scenario.load import Scenario


def load_frozen(
    argument: str | Path, changes: Iterable[str] = (), values: Mapping[str, Any] | None = None, *, freeze: bool = True
) -> tuple[Scenario, dict[str, Any]]:
    """Read a scenario and freeze it.

    Parameters
    ----------
    argument, changes, values
        As `sim.scenario.load.load` takes them.
    freeze
        Whether it is to be frozen at all.

    Returns
    -------
    scenario, frozen
        The scenario, and the values by path that were put in the place of its own; what has no such value, the
        exceptions of some sites, stays.
    """
    changes = tuple(changes)
    loaded = load(argument, changes, values)
    found = {each.path: each.frozen for each in reactions(loaded) if each.can_be_frozen} if freeze else {}
    return (load(argument, changes, {**(values or {}), **found}, "--frozen"), found) if found else (loaded, {})
