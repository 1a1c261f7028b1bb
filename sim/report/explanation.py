"""An explanation on a terminal: the sentences, then the sites that matter as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from sim.routing.explain.words import HEAD, sentences, table

if TYPE_CHECKING:
    from rich.console import Console

    from sim.routing.explain import Explanation

_NUMBERS = ("news", "km", "alone, USD")


def show(console: Console, of: Explanation) -> None:
    """Print an explanation."""
    for sentence in sentences(of):
        console.print(Text(sentence))
    sites = Table(box=box.SIMPLE_HEAD)
    for name in HEAD:
        sites.add_column(name, justify="right" if name in _NUMBERS else "left")
    for row in table(of):
        sites.add_row(*(Text(cell) for cell in row), style="bold" if row[1] == "chosen" else "")
    console.print(sites)
