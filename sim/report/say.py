"""A sentence for the reader of a terminal, or for the file that a terminal's output is sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def say(console: Console, sentence: str | Text, style: str | None = None) -> None:
    """Print a sentence as it is written: on a terminal broken between words, elsewhere one line, to be searched for."""
    console.print(sentence, style=style, highlight=False, markup=False, soft_wrap=not console.is_terminal)
