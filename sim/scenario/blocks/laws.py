"""Probability laws as they are written in a scenario: a plain span, or a law by name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim import laws
from sim.fields import Between, Minutes, Model, PositiveMinutes, plain


class ConstantLaw(Model):
    """``{law: constant, value: 5 min}``, or just ``5 min``."""

    law: Literal["constant"]
    value: Minutes

    def build(self) -> laws.Law:
        """Return the law, in minutes."""
        return laws.Constant(self.value)


class ExponentialLaw(Model):
    """``{law: exponential, mean: 5 min}``."""

    law: Literal["exponential"]
    mean: PositiveMinutes

    def build(self) -> laws.Law:
        """Return the law, in minutes."""
        return laws.Exponential(self.mean)


class LognormalLaw(Model):
    """``{law: lognormal, mean: 5 min, cv: 0.5}``."""

    law: Literal["lognormal"]
    mean: PositiveMinutes
    cv: Annotated[float, Between(plain, 0, 10)]

    def build(self) -> laws.Law:
        """Return the law, in minutes."""
        return laws.Lognormal(self.mean, self.cv)


class UniformLaw(Model):
    """``{law: uniform, low: 2 min, high: 8 min}``."""

    law: Literal["uniform"]
    low: Minutes
    high: Minutes

    @model_validator(mode="after")
    def _ordered(self) -> UniformLaw:
        if self.high < self.low:
            raise ValueError(f"high ({self.high:g} min) is below low ({self.low:g} min) - expected low first")
        return self

    def build(self) -> laws.Law:
        """Return the law, in minutes."""
        return laws.Uniform(self.low, self.high)


class _SpanOrLaw:
    """Says in a JSON schema that a plain span such as ``"5 min"`` stands for the constant law."""

    @staticmethod
    def __get_pydantic_json_schema__(schema: Any, handler: Any) -> Any:
        return {"anyOf": [{"type": "string", "examples": ["5 min"]}, handler(schema)]}


def _span_as_constant(value: Any) -> Any:
    return value if isinstance(value, dict | Model) else {"law": "constant", "value": value}


LawOfMinutes = Annotated[
    Annotated[ConstantLaw | ExponentialLaw | LognormalLaw | UniformLaw, Field(discriminator="law")],
    BeforeValidator(_span_as_constant),
    _SpanOrLaw,
]
