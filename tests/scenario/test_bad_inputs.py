"""A wrong value in scenario.yaml is told with its line, what was found, what was expected, and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import one_of
from sim.scenario.schema import ScenarioFile
from tests.scenario.told import changed, line_of, told

DAYS = "mon, tue, wed, thu, fri, sat, sun"
SORTED_DAYS = "fri, mon, sat, sun, thu, tue, wed"
SPAN = "a time span with its unit, such as '15 min'"
MONEY = "an amount of money with its unit, such as '4.95 USD'"
SHARES = "such as {1: 80 %, 2: 20 %}"
TOP = one_of("", sorted(ScenarioFile.model_fields)).removeprefix("one of ")

# what stands in the file, what is written instead, what is told at the first line that is different
ONE_VALUE = [
    # names
    ("title: Tiny", "titel: Tiny", f"titel: unknown key 'titel' - expected one of {TOP} (did you mean title?)"),
    ("  warm_up: 1 day", "  warm-up: 1 day", "clock.warm-up: unknown key 'warm-up' - expected one of drain_limit, "
     "measure, start, time_zone, warm_up (did you mean warm_up?)"),
    ("title: Tiny", "title: Tiny\n5: five", f"5: unknown key '5' - expected one of {TOP}"),
    ("title: Tiny", "title: Tiny\ntrue: five",
     f"true: unknown key 'true' - expected one of {TOP} (did you mean trucks?)"),
    ("  dc:", "  DC:", "site_kinds.DC: 'DC' - expected one of dc, store, third_party, vendor (did you mean dc?)"),
    ("  store:", "  stor:", "site_kinds.stor: 'stor' - expected one of dc, store, third_party, vendor "
     "(did you mean store?)"),
    ("kind: poll", "kind: pol", "site_kinds.dc.feed.kind: 'pol' - expected one of batch, event, poll, "
     "systems (did you mean poll?)"),
    ("pick_time: 4 min", "pick_time: {law: lognorml, mean: 4 min, cv: 1}", "site_kinds.dc.pick_time.law: 'lognorml' - "
     "expected one of constant, exponential, lognormal, uniform (did you mean lognormal?)"),
    ("pick_time: 4 min", "pick_time: {mean: 4 min}",
     "site_kinds.dc.pick_time: missing key law - it says which kind this is"),
    ("      mon: 00:00", "      monday: 00:00", f"site_kinds.dc.hours.monday: 'monday' - expected one of {SORTED_DAYS} "
     "(did you mean mon?)"),
    ("    ground:", "    ground/air:", "carriers.services.'ground/air': 'ground/air' - expected a name of at most 60 "
     'characters, none of them /\\:*?"<>|,=%'),
    ("fulfilment:", "replenishment: rule\nfulfilment:", "replenishment: 'rule' - expected one of forecast, none, rules "
     "(did you mean rules?)"),
    ("time_zone: America/New_York", "time_zone: America/NewYork", "clock.time_zone: 'America/NewYork' - expected an "
     "IANA time zone such as America/New_York (did you mean America/New_York?)"),
    ("time_zone: America/New_York", "time_zone: no",
     "clock.time_zone: 'no' - expected an IANA time zone such as America/New_York"),
    ("time_zone: America/New_York", "time_zone: ../../etc/passwd",
     "clock.time_zone: '../../etc/passwd' - expected an IANA time zone such as America/New_York"),
    # units
    ("warm_up: 1 day", "warm_up: 1", f"clock.warm_up: bare number 1 - expected {SPAN}"),
    ("warm_up: 1 day", "warm_up: 1 dya", "clock.warm_up: unknown unit of a time span 'dya' - expected one of s, min, "
     "h, days, weeks (did you mean day?)"),
    ("warm_up: 1 day", "warm_up: 1 km", "clock.warm_up: unknown unit of a time span 'km' - expected one of s, min, "
     "h, days, weeks"),
    ("warm_up: 1 day", "warm_up: 36 h", "clock.warm_up: '36 h' - expected whole days, such as '28 days'"),
    ("surcharge: 0 USD", "surcharge: $3", f"carriers.services.ground.surcharge: '$3' - expected {MONEY} "
     "(write USD behind the number instead of $)"),
    ("surcharge: 0 USD", "surcharge: 3 EUR", "carriers.services.ground.surcharge: unknown unit of an amount of money "
     "'EUR' - expected one of USD, cents"),
    ("surcharge: 0 USD", "surcharge: 1,000 USD", f"carriers.services.ground.surcharge: '1,000 USD' - expected {MONEY} "
     "(no commas within a number)"),
    ("- 150 mi", "- 150", "carriers.zone_edges[0]: bare number 150 - expected a distance with its unit, such as "
     "'120 km'"),
    ("discount: 0 %", "discount: 45", "carriers.services.ground.discount: 45 - expected a share of at most 1, or per "
     "cent with their sign, such as '35 %'"),
    ("shoppers_per_day: 60", "shoppers_per_day: 60 days",
     "demand.shoppers_per_day: '60 days' - expected a plain number without a unit"),
    # numbers
    ("fee_per_unit: 0 USD", "fee_per_unit: -1 USD",
     "site_kinds.dc.handling.fee_per_unit: '-1 USD' - expected at least 0 USD"),
    ("lead: 2 h", "lead: -2 h", "site_kinds.dc.lead: '-2 h' - expected at least 0 min"),
    ("days_of_cover: 6", "days_of_cover: 0", "site_kinds.dc.stock.days_of_cover: 0 - expected more than 0"),
    ("share: 5 %", "share: 105 %", "carriers.services.ground.late.share: '105 %' - expected at most 100 %"),
    ("pickers: 2", "pickers: 2.5", "site_kinds.dc.pickers: 2.5 - expected a whole number"),
    ("pickers: 2", "pickers: true", "site_kinds.dc.pickers: true - expected a whole number"),
    ("pickers: 2", "pickers: 0", "site_kinds.dc.pickers: 0 - expected at least 1"),
    ("day_cv: 0", "day_cv: yes", "demand.day_cv: 'yes' - expected a plain number without a unit"),
    ("day_cv: 0", "day_cv: .nan", "demand.day_cv: .nan - expected a finite number"),
    ("day_cv: 0", "day_cv: -.inf", "demand.day_cv: -.inf - expected a finite number"),
    ("day_cv: 0", "day_cv: 1e999", "demand.day_cv: .inf - expected a finite number"),
    ("day_cv: 0", "day_cv:", "demand.day_cv: nothing - expected a plain number without a unit"),
    ("packing_factor: 1.2", "packing_factor: 0x1F",
     "network.packing_factor: '0x1F' - expected a plain number without a unit"),
    # times and dates
    ("pick_up: 18:00", "pick_up: 1800", "site_kinds.dc.pick_up: 1800 - expected a time of day such as '16:30' "
     "(24-hour clock)"),
    ("pick_up: 18:00", "pick_up: 25:00", "site_kinds.dc.pick_up: '25:00' - expected a time of day such as '16:30' "
     "(24-hour clock)"),
    ("sun: 00:00-24:00", "sun: off", "site_kinds.dc.hours.sun: 'off' - expected opening hours such as '09:00-21:00', "
     "or closed"),
    ("sun: 00:00-24:00", "sun: 22:00-06:00", "site_kinds.dc.hours.sun: '22:00-06:00' - expected opening hours within "
     "one day, the later time second"),
    ("start: '2026-02-02'", "start: 2026-02-30", "clock.start: '2026-02-30' - there is no such day; expected a date "
     "such as 2026-02-28"),
    ("start: '2026-02-02'", "start: 02/02/2026", "clock.start: '02/02/2026' - expected a date such as 2026-02-28"),
    ("start: '2026-02-02'", "start: 20260202", "clock.start: 20260202 - expected a date such as 2026-02-28"),
    ("start: '2026-02-02'", "start: 9999-12-01", "clock.start: '9999-12-01' - expected a date from 1970-01-01 to "
     "2100-01-01"),
    # wholes
    ("title: Tiny", "title: [Tiny]", "title: a list of 1 - expected text"),
    ("title: Tiny", "title:", "title: nothing - expected text"),
    ("  sites: sites.csv", "  sites: 7", "network.sites: 7 - expected text"),
    ("pick_time: 4 min", "pick_time: {law: uniform, low: 9 min, high: 3 min}",
     "site_kinds.dc.pick_time: high (3 min) is below low (9 min) - expected low first"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), ONE_VALUE)
def test_a_wrong_value_is_told_at_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    line = changed(tmp_path, "scenario.yaml", old, new)
    assert told(tmp_path)[0] == f"scenario.yaml:{line}: {message}"


# what stands in the file, what is written instead, the line at which it is told, what is told
ONE_BLOCK = [
    ("  max_attempts: 3\n", "  {}\n", "fulfilment:", "fulfilment.max_attempts: missing key - it is required"),
    ("snapshot:\n  at: 12:00\n", "snapshot: 12:00\n", "snapshot: 12:00",
     "snapshot: '12:00' - expected a block with the keys at"),
    ("snapshot:\n  at: 12:00\n", "snapshot: [12:00]\n", "snapshot: [12:00]",
     "snapshot: a list of 1 - expected a block with the keys at"),
    ("snapshot:\n  at: 12:00\n", "snapshot:\n", "snapshot:", "snapshot: nothing - expected a block with the keys at"),
    ("      kind: poll\n      every: 15 min\n", "      [15 min]\n", "    feed:",
     "site_kinds.dc.feed: a list of 1 - expected a block of keys"),
    ("      kind: poll\n      every: 15 min\n", "      nightli\n", "    feed:",
     "site_kinds.dc.feed: 'nightli' - expected one of a time span such as '20 min', nightly, webhook (did you mean "
     "nightly?)"),
    ("    1: 70 %\n    2: 30 %\n", "    1: 70 %\n    2: 20 %\n", "  lines_per_order:",
     "demand.lines_per_order: the shares add up to 90 % - expected 100 %"),
    ("    1: 80 %\n    2: 20 %\nwalk_ins", "    1: 80 %\n    02: 20 %\nwalk_ins", "  units_per_line:",
     f"demand.units_per_line: the key '02' - expected whole numbers from 1 to 99, {SHARES}"),
    ("    1: 80 %\n    2: 20 %\nwalk_ins", "    100 %\nwalk_ins", "  units_per_line:",
     f"demand.units_per_line: '100 %' - expected a share for each number, {SHARES}"),
    ("    sun: 1\n", "", "  weekday:", f"demand.weekday: sun missing - expected all of {DAYS}"),
    ("  hours:\n  - 1\n", "  hours:\n", "  hours:", "demand.hours: a list of 23 - expected at least 24"),
    ("  - 1\n" * 24, "  - 0\n" * 24, "  hours:",
     "demand.hours: all 24 are zero - expected some hour in which people come"),
    ("  - 600 mi\n", "  - 140 mi\n", "  zone_edges:",
     "carriers.zone_edges: entry 2 is no farther than entry 1 - expected ascending distances"),
    ("      - 5\n", "", "      business_days:",
     "carriers.services.ground.business_days: 3 entries - expected 4, one per zone (3 zone_edges)"),
    ("".join(f"      {day}: 00:00-24:00\n" for day in DAYS.split(", ")), "      mon: closed\n", "    hours:",
     "site_kinds.dc.hours: closed all week - expected at least one open day"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "message"), ONE_BLOCK)
def test_what_is_wrong_with_a_block_is_told_at_its_key(
    tmp_path: Path, old: str, new: str, at: str, message: str
) -> None:
    changed(tmp_path, "scenario.yaml", old, new)
    line = line_of(tmp_path / "scenario.yaml", at)
    assert told(tmp_path) == [f"scenario.yaml:{line}: {message}"]


def test_a_missing_block_is_told_though_no_line_speaks_of_it(tmp_path: Path) -> None:
    changed(tmp_path, "scenario.yaml", "snapshot:\n  at: 12:00\n", "")
    assert told(tmp_path) == ["scenario.yaml: snapshot: missing key - it is required"]


def test_a_misspelt_key_is_not_missing_as_well(tmp_path: Path) -> None:
    changed(tmp_path, "scenario.yaml", "title: Tiny", "Title: Tiny")
    assert len(told(tmp_path)) == 1
