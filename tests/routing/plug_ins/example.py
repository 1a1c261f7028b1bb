"""The example package of ``tests/plugin_example``, laid out as an installer would, without one."""

from __future__ import annotations

import tomllib
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "plugin_example"


def installed_in(folder: Path, group: str = "fulfillsim.strategies", **more: str) -> Path:
    """Install it in a folder; `more` are further entry points of a group."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]
    offer(folder, project["name"], project["version"], points | {group: points[group] | more})
    return folder


def offer(folder: Path, name: str, version: str, points: dict[str, dict[str, str]]) -> None:
    """Install a package that has nothing but entry points, by group."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [
        line for group, named in points.items() for line in (f"[{group}]", *(f"{k} = {v}" for k, v in named.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
