"""DuckDB as the calculator: numpy columns can be asked in SQL."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb
    from numpy.typing import NDArray


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    # opening a database takes 20 ms, a cursor on one that is open none; one thread adds up in one order
    import duckdb

    return duckdb.connect(config={"threads": 1})


@contextmanager
def with_tables(tables: Mapping[str, Mapping[str, NDArray[Any]]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection in which columns of equal length can be asked for as tables; NaN is NULL there."""
    with _database().cursor() as connection:
        for name, columns in tables.items():
            connection.register(name, dict(columns))
        yield connection
