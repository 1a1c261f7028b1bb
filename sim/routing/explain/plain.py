"""Dataclasses as what JSON knows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from sim.network.site import TOLD_IF_ANY


def plain(value: Any) -> Any:
    """Return dataclasses as dictionaries, and all they hold as what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        told = ((f, getattr(value, f.name)) for f in fields(value))
        return {f.name: plain(part) for f, part in told if f.metadata != TOLD_IF_ANY or part}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value
