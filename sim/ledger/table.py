"""An append-only table: rows go in one by one or in blocks, typed columns come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

ROWS_PER_CHUNK = 65_536


class Table:
    """Rows of one kind.

    Parameters
    ----------
    columns
        Name and numpy type of each column, in the order of a row.
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._types = dict(columns)
        self._rows: list[tuple[Any, ...]] = []
        self._chunks: list[list[NDArray[Any]]] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order of a row."""
        return tuple(self._types)

    def append(self, row: tuple[Any, ...]) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) >= ROWS_PER_CHUNK:
            self._seal()

    def extend(self, columns: list[NDArray[Any]]) -> None:
        """Add many rows, given column by column. They need not stand in order with rows added one by one."""
        self._chunks.append([np.asarray(c, dtype=t) for c, t in zip(columns, self._types.values(), strict=True)])

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return all rows, column by column."""
        self._seal()
        if not self._chunks:
            return {name: np.empty(0, dtype=kind) for name, kind in self._types.items()}
        if len(self._chunks) > 1:
            self._chunks = [[np.concatenate(parts) for parts in zip(*self._chunks, strict=True)]]
        return dict(zip(self._types, self._chunks[0], strict=True))

    def _seal(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            self._chunks.append(
                [np.array(column, dtype=kind) for column, kind in zip(columns, self._types.values(), strict=True)]
            )
            self._rows = []
