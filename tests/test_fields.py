"""The types of single values: limits, times of day, dates, zones and names."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim import fields
from sim.fields import Between, whole


class Sheet(fields.Model):
    """A block with one number."""

    number: fields.Number


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (fields.Minutes, "0 min", 0.0),
        (fields.Minutes, "366 days", 366 * 1440.0),
        (fields.PositiveMinutes, "1 s", 1 / 60),
        (fields.Period, "10 s", 1 / 6),
        (fields.Cents, "1000000 USD", 1e8),
        (fields.Share, "100 %", 1.0),
        (fields.Share, 0, 0.0),
        (fields.Count, 0, 0),
        (fields.PositiveCount, 1, 1),
        (fields.Number, 0, 0.0),
        (fields.PositiveNumber, 1e-300, 1e-300),
        (fields.Kilometres, "1 m", 0.001),
        (fields.Text, "no", "no"),
        (fields.Name, "dc_first-2", "dc_first-2"),
        (fields.Name, "[red] \u00fcber", "[red] \u00fcber"),
        (fields.TimeOfDay, "00:00", time(0)),
        (fields.TimeOfDay, "9:05", time(9, 5)),
        (fields.TimeOfDay, "23:59", time(23, 59)),
        (fields.TimeOfDay, "24:00", time.max),
        (fields.Day, "2028-02-29", date(2028, 2, 29)),
        (fields.TimeZone, "America/Indiana/Indianapolis", "America/Indiana/Indianapolis"),
        (fields.TimeZone, "UTC", "UTC"),
    ],
)
def test_a_value_within_its_limits_is_read(kind: Any, value: object, read: object) -> None:
    assert TypeAdapter(kind).validate_python(value) == read


TIME = "expected a time of day such as '16:30' (24-hour clock)"
NAME = 'expected a name of at most 60 characters, none of them /\\:*?"<>|,=%'


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (fields.Minutes, "-1 s", "'-1 s' - expected at least 0 min"),
        (fields.Minutes, "367 days", "'367 days' - expected at most 366 days"),
        (fields.PositiveMinutes, "0 h", "'0 h' - expected more than 0 min"),
        (fields.Period, "9 s", "'9 s' - expected at least 10 s"),
        (fields.Cents, "-1 cent", "'-1 cent' - expected at least 0 USD"),
        (fields.Cents, "1000001 USD", "'1000001 USD' - expected at most 1000000 USD"),
        (fields.Share, "101 %", "'101 %' - expected at most 100 %"),
        (fields.Share, -0.1, "-0.1 - expected at least 0 %"),
        (fields.Count, 1.0, "1.0 - expected a whole number"),
        (fields.Count, "1", "'1' - expected a whole number"),
        (fields.Count, -1, "-1 - expected at least 0"),
        (fields.PositiveCount, 0, "0 - expected at least 1"),
        (fields.Number, float("nan"), ".nan - expected a finite number"),
        (fields.Number, float("-inf"), "-.inf - expected a finite number"),
        (fields.Number, True, "true - expected a plain number without a unit"),
        (fields.PositiveNumber, 0, "0 - expected more than 0"),
        (fields.Kilometres, "0 km", "'0 km' - expected more than 0 km"),
        (fields.Text, 5, "5 - expected text"),
        (fields.Text, False, "false - expected text"),
        (fields.Name, "", f"'' - {NAME}"),
        (fields.Name, "a/b", f"'a/b' - {NAME}"),
        (fields.Name, "..", f"'..' - {NAME}"),
        (fields.Name, "a,b", f"'a,b' - {NAME}"),
        (fields.Name, "a\nb", f"'a\\nb' - {NAME}"),
        (fields.Name, "a ", f"'a ' - {NAME}"),
        (fields.Name, "x" * 61, f"'{'x' * 60}'... - {NAME}"),
        (fields.TimeOfDay, "24:01", f"'24:01' - {TIME}"),
        (fields.TimeOfDay, "12:60", f"'12:60' - {TIME}"),
        (fields.TimeOfDay, "4 pm", f"'4 pm' - {TIME}"),
        (fields.TimeOfDay, 990, f"990 - {TIME}"),
        (fields.TimeOfDay, "\u0661\u0662:00", f"'\u0661\u0662:00' - {TIME}"),
        (fields.Day, "2026-02-29", "'2026-02-29' - there is no such day; expected a date such as 2026-02-28"),
        (fields.Day, "2026-2-3", "'2026-2-3' - expected a date such as 2026-02-28"),
        (fields.Day, 20260203, "20260203 - expected a date such as 2026-02-28"),
        (fields.Day, "1969-12-31", "'1969-12-31' - expected a date from 1970-01-01 to 2100-01-01"),
        (fields.TimeZone, "Europe/Berln", "'Europe/Berln' - expected an IANA time zone such as America/New_York "
         "(did you mean Europe/Berlin?)"),
        (fields.TimeZone, 5, "5 - expected an IANA time zone such as America/New_York"),
        # the machine's own zone: the same scenario would be another elsewhere
        (fields.TimeZone, "localtime", "'localtime' - expected an IANA time zone such as America/New_York"),
    ],
)  # fmt: skip
def test_a_value_beyond_its_limits_is_told_with_them(kind: Any, value: object, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    assert str(caught.value.errors()[0]["ctx"]["error"]) == message


@settings(deadline=None, derandomize=True)
@given(st.integers(-5, 15), st.booleans())
def test_limits_belong_to_what_is_allowed_but_for_the_lower_of_above(value: int, above: bool) -> None:
    kind: Any = Annotated[int, Between(whole, 0, 10, above=above)]
    try:
        assert TypeAdapter(kind).validate_python(value) == value
        refused = False
    except ValidationError:
        refused = True
    assert refused == (value > 10 or value < 0 or (above and value == 0))


def test_a_number_too_large_for_a_float_is_refused_as_too_large() -> None:
    kind: Any = Annotated[int, Between(whole, 0, 10)]
    with pytest.raises(ValidationError, match="expected at most 10"):
        TypeAdapter(kind).validate_python(10**400)


def test_a_block_refuses_keys_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Sheet.model_validate({"number": 1, "numbre": 2})


def test_a_block_cannot_be_changed() -> None:
    sheet = Sheet(number=1)
    with pytest.raises(ValidationError, match="frozen"):
        sheet.number = 2  # type: ignore[misc]
