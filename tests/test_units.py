"""Units as people write them: every dimension, every way to write it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import units

NUMBERS = st.decimals(-(10**6), 10**6, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (units.minutes, "15 min", 15.0),
        (units.minutes, "15min", 15.0),
        (units.minutes, "15 MIN", 15.0),
        (units.minutes, "15\u00a0min", 15.0),  # as copied from a typeset page
        (units.minutes, " 1.5 h ", 90.0),
        (units.minutes, ".5 hour", 30.0),
        (units.minutes, "2 hrs", 120.0),
        (units.minutes, "90 s", 1.5),
        (units.minutes, "90 seconds", 1.5),
        (units.minutes, "90 minutes", 90.0),
        (units.minutes, "1 day", 1440.0),
        (units.minutes, "3 days", 4320.0),
        (units.minutes, "2 weeks", 20160.0),
        (units.minutes, "-5 min", -5.0),
        (units.cents, "4.95 USD", 495.0),
        (units.cents, "4.95 usd", 495.0),
        (units.cents, "0.29 USD", 29.0),
        (units.cents, "12.5 cents", 12.5),
        (units.cents, "1 cent", 1.0),
        (units.kilograms, "800 g", 0.8),
        (units.kilograms, "2 kg", 2.0),
        (units.kilograms, "1 lb", 0.45359237),
        (units.kilograms, "16 oz", 0.45359237),
        (units.kilograms, "2 pounds", 0.90718474),
        (units.kilometres, "1 mi", 1.609344),
        (units.kilometres, "50 miles", 80.4672),
        (units.kilometres, "250 m", 0.25),
        (units.kilometres, "120 km", 120.0),
        (units.share, "35 %", 0.35),
        (units.share, "35%", 0.35),
        (units.share, 0.35, 0.35),
        (units.share, 1, 1.0),
    ],
)
def test_a_value_is_what_it_says(read: Callable[[object], float], written: object, value: float) -> None:
    assert read(written) == value


SPAN = "expected a time span with its unit, such as '15 min'"
MONEY = "expected an amount of money with its unit, such as '4.95 USD'"


@pytest.mark.parametrize(
    ("read", "written", "message"),
    [
        (units.minutes, 15, f"bare number 15 - {SPAN}"),
        (units.minutes, 1.5, f"bare number 1.5 - {SPAN}"),
        (units.minutes, True, f"true - {SPAN}"),
        (units.minutes, None, f"nothing - {SPAN}"),
        (units.minutes, ["15 min"], f"a list of 1 - {SPAN}"),
        (units.minutes, "15", f"'15' - {SPAN}"),
        (units.minutes, "min", f"'min' - {SPAN}"),
        (units.minutes, "nan min", f"'nan min' - {SPAN}"),
        (units.minutes, "1e3 min", f"'1e3 min' - {SPAN}"),
        (units.minutes, "1 h 30 min", f"'1 h 30 min' - {SPAN}"),
        (units.minutes, "\u0661\u0665 min", f"'\u0661\u0665 min' - {SPAN}"),
        (units.minutes, "15 m", "unknown unit of a time span 'm' - expected one of s, min, h, days, weeks"),
        (units.minutes, "15 mnutes", "unknown unit of a time span 'mnutes' - expected one of s, min, h, days, weeks "
         "(did you mean minutes?)"),
        (units.minutes, "2 years", "unknown unit of a time span 'years' - expected one of s, min, h, days, weeks"),
        (units.cents, "$5", f"'$5' - {MONEY} (write USD behind the number instead of $)"),
        (units.cents, "5 $", f"'5 $' - {MONEY} (write USD behind the number instead of $)"),
        (units.cents, "\u20ac5", f"'\u20ac5' - {MONEY} (money is in USD here)"),
        (units.cents, "1,000 USD", f"'1,000 USD' - {MONEY} (no commas within a number)"),
        (units.cents, "USD 5", f"'USD 5' - {MONEY}"),
        (units.cents, "5 EUR", "unknown unit of an amount of money 'EUR' - expected one of USD, cents"),
        (units.kilograms, "5 km", "unknown unit of a mass 'km' - expected one of g, kg, oz, lb"),
        (units.share, 35, "35 - expected a share of at most 1, or per cent with their sign, such as '35 %'"),
        (units.share, float("nan"), ".nan - expected a share of at most 1, or per cent with their sign, such as "
         "'35 %'"),
        (units.share, "0.35", "'0.35' - expected a share with its unit, such as '35 %'"),
        (units.share, False, "false - expected a share with its unit, such as '35 %'"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_with_what_was_expected(
    read: Callable[[object], float], written: object, message: str
) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        read(written)
    assert str(caught.value) == message


@settings(deadline=None, derandomize=True)
@given(NUMBERS)
def test_money_and_shares_are_the_doubles_nearest_to_what_is_written(number: Decimal) -> None:
    assert units.cents(f"{number} USD") == float(Fraction(number) * 100)
    assert units.share(f"{number} %") == float(Fraction(number) / 100)


@settings(deadline=None, derandomize=True)
@given(NUMBERS)
def test_an_hour_is_sixty_minutes_however_written(number: Decimal) -> None:
    assert units.minutes(f"{number} h") == units.minutes(f"{number}hours") == float(Fraction(number) * 60)


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=30).filter(lambda text: not any(letter.isdigit() for letter in text)))
def test_text_without_a_number_is_never_a_span(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a time span with its unit, such as '15 min'"):
        units.minutes(text)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        (0.0, 0), (0.4, 0), (0.5, 1), (1.5, 2), (2.5, 3), (-0.5, -1), (-2.5, -3), (-0.4, 0),
        # adding a half first would round these up
        (0.49999999999999994, 0), (-0.49999999999999994, 0), (2.0**52 + 1, 2**52 + 1),
    ],
)  # fmt: skip
def test_halves_of_a_cent_are_rounded_away_from_zero(amount: float, cents: int) -> None:
    assert units.round_cents(amount) == cents


@settings(deadline=None, derandomize=True)
@given(st.floats(-1e15, 1e15))
def test_rounding_is_that_of_exact_arithmetic(amount: float) -> None:
    assert units.round_cents(amount) == int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))
