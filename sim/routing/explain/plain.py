"""The values of an explanation as what JSON knows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any


def plain(value: Any) -> Any:
    """Return dataclasses as dictionaries, and all they hold as what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        tree = {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        if tree.get("via", "") is None:  # most parcels go straight
            del tree["via"]
        return tree
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value
