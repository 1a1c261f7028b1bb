"""`fulfillsim power`: how many stores, by formula alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class LawOption(StrEnum):
    """By which law."""

    t = "t"
    normal = "normal"


def power(
    effect: Annotated[float, typer.Option(help="The effect to be found, in the outcome's unit.")],
    variance: Annotated[
        float | None, typer.Option(min=0, help="Of one measurement, between and within stores together.")
    ] = None,
    shares: Annotated[
        str | None, typer.Option(help="Instead, of a yes or no: its share in both arms, 0.1,0.2.")
    ] = None,
    icc: Annotated[
        float, typer.Option(min=0, max=1, help="Share of it that measurements of a store have in common.")
    ] = 0.0,
    size: Annotated[float, typer.Option(min=1, help="Measurements in each store.")] = 1.0,
    size_cv: Annotated[float, typer.Option(min=0, help="Coefficient of variation of that number.")] = 0.0,
    treated: Annotated[int | None, typer.Option(min=2, help="Stores treated; of a wedge, in each sequence.")] = None,
    control: Annotated[int | None, typer.Option(min=2, help="Stores compared with; as many if absent.")] = None,
    change: Annotated[
        str | None,
        typer.Option(help="Before taken off: correlation over time of stores, and of their members: 0.3,0.7."),
    ] = None,
    adjusted: Annotated[str | None, typer.Option(help="Before allowed for instead: the same two.")] = None,
    wedge: Annotated[
        str | None,
        typer.Option(
            help="Stepped wedge: what each sequence is in each period, 0111,0011,0001; a full stop: not measured."
        ),
    ] = None,
    alpha: Annotated[float, typer.Option(min=1e-6, max=0.5, help="Two-sided level.")] = 0.05,
    wanted: Annotated[float, typer.Option("--power", min=0.05, max=0.999, help="To be reached.")] = 0.8,
    law: Annotated[
        LawOption, typer.Option(help="Noncentral t, or normal with eight stores an arm or more.")
    ] = LawOption.t,
) -> None:
    """Tell power, the smallest effect that would be found, and how many stores reach a power."""
    from sim.report.pilot.formula import Asked, answer

    asked = Asked(
        effect,
        variance,
        shares,
        icc,
        size,
        size_cv,
        treated,
        control,
        change,
        adjusted,
        wedge,
        alpha,
        wanted,
        law.value,
    )
    for line in answer(asked):
        typer.echo(line)
