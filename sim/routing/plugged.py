"""Blocks of a routing file that may also be of another package: told apart by the name in one of their fields."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import (
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
)


class Kind(NamedTuple):
    """One kind of block.

    Parameters
    ----------
    group
        Of entry points.
    noun
        What such a thing is called where something is wrong with it.
    tag
        The field that names it.
    ours
        Names that are not looked up.
    """

    group: str
    noun: str
    tag: str
    ours: tuple[str, ...] = ()

    def name_of(self, block: Any) -> str | None:
        """Return the name under which a block is installed, None if it is one of ours."""
        name = getattr(block, self.tag, None)
        return name if isinstance(name, str) and name not in self.ours else None

    def read(self) -> WrapValidator:
        """Return what reads a block by our own models, or by that of a plug-in if that has the name."""

        def read(value: Any, ours: ValidatorFunctionWrapHandler) -> Any:
            name = value.get(self.tag) if isinstance(value, dict) else None
            if not isinstance(name, str) or name in self.ours:
                return ours(value)
            from sim.routing.plug_ins.installed import read

            return read(self, value)

        return WrapValidator(read)

    def write(self) -> WrapSerializer:
        """Return what writes a block by the model it was read by."""

        def write(value: Any, ours: SerializerFunctionWrapHandler, how: SerializationInfo[Any]) -> Any:
            return ours(value) if self.name_of(value) is None else value.model_dump(mode=how.mode)

        return WrapSerializer(write)
