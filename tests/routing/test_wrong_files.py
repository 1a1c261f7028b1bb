"""Wrong routing files, each told in one line: file, line, place, what was found and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.errors import ScenarioError
from sim.routing.files import read_routing

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "max_parcels: 3\nstrategies:\n  it:\n    choose: cheapest\n"
RULES = "max_parcels: 3\nstrategies:\n  it:\n    choose: rules\n    steps:\n"
FILTER = f"{RULES}      - filters:\n          - "
WRONG = {
    f"{SOUND}backorder: {{}}\n": ":5: backorder: unknown key 'backorder' .* .did you mean backorders",
    SOUND.replace("choose", "chose"): ":4: strategies.it.chose: unknown key 'chose' - expected choose, which",
    SOUND.replace("cheapest", "cheepest"): ":4: strategies.it.choose: 'cheepest' .* .did you mean cheapest",
    f"{RULES}      - filter: []\n": r":6: strategies.it.steps\[0\].filter: unknown key .* .did you mean filters",
    f"{FILTER}keep: max_distanc\n": r":7: .*filters\[0\].keep: 'max_distanc' .* .did you mean max_distance",
    f"{FILTER}keep: max_distance\n            limt: 5 km\n": r":8: .*\.limt: unknown key 'limt' .* .did you mean limit",
    f"{FILTER}keep: any_of\n            of:\n              - {{kep: capacity}}\n": r":9: .*of\[0\].kep: .*keep",
    f"{FILTER}{{keep: max_distance, limit: 50}}\n": ":7: .*limit: bare number 50 - expected a distance with its unit",
    f"{FILTER}{{keep: max_distance, limit: 50 kg}}\n": ":7: .*unknown unit of a distance 'kg' - expected one of m",
    f"{FILTER}{{keep: promised_within, days: 2, chance: 90 %}}\n": ":3: strategies.it: promised_within with a chance",
    f"{RULES}      - rank: [{{by: given, ranks: {{a: .nan}}}}]\n": r":6: .*ranks.a: .nan - expected a finite number",
    f"{RULES}      - {{}}\n    backorder: true\n": ":7: strategies.it.backorder: expected a block backorders",
    f"{SOUND}    effective: {{first: 2026-02-30}}\n": ":5: .*first: '2026-02-30' - there is no such day",
    f"{SOUND}    effective: {{first: 2026-03-02, last: 2026-03-01}}\n": ":5: .*expected no earlier than first",
    f"{SOUND}    only: [dcs]\n": r":5: strategies.it.only\[0\]: 'dcs' - expected one of dc, .* .did you mean dc",
    f"{SOUND}    objective: {{splitt: 1 USD}}\n": ":5: .*objective.splitt: unknown key .* .did you mean split",
    f"{SOUND}max_parcels: 4\n": ":5: max_parcels: the key stands already in line 1",
    f"{SOUND}  it: {{choose: nearest}}\n": ":5: strategies.it: the key stands already in line 3",
    f"{SOUND}pools: {{web: {{share: 50 %}}}}\nchannels:\n  shop: [wbe]\n": r":7: channels.shop\[0\]: unknown pool",
    f"{SOUND}pools:\n  web: {{share: 50 %}}\n": ":6: pools.web: expected a channel that draws from it",
    f"{SOUND}returns:\n  steps:\n    - oversell: false\n": r":7: returns.steps\[0\].oversell: expected filters",
    f"{SOUND}confirm_within: 1:30\n": ":5: confirm_within: '1:30' - expected a time span with its unit",
    f"{SOUND}safety_stock: {{dc: 1e400}}\n": ":5: safety_stock.dc: .inf - expected a whole number",
    SOUND.replace("3", "9" * 30): ":1: max_parcels: 9+ - expected at most 99",
    SOUND.replace("3", "2.5"): ":1: max_parcels: 2.5 - expected a whole number",
    SOUND.replace("3", "!!python/name:os.system ''"): ":1: max_parcels: the tag .* - expected a plain value",
    SOUND.replace("  it", "\tit"): ":3: not valid YAML: a tab - indent with spaces",
    SOUND.replace("3", "3\a"): ":1: not valid YAML: the character 0x7 is not allowed",
    f"{SOUND}---\n{SOUND}": ":5: not valid YAML: a second document",
    f"{SOUND}? [a]\n: 6\n": ":5: a list or a mapping as a key - expected text",
    f"max_parcels: {'[' * 3000}": ":1: not valid YAML: nested more than 30 deep",
    f"a: &a [*a]\n{SOUND}": ": nested more than 30 deep, aliases included",
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)):
        ": more than 50,000 values, aliases included",
    "strategies:\n  it: *nobody\n": ":2: not valid YAML: found undefined alias 'nobody'",
    "- max_parcels\n": ":1: a list of 1 - expected a mapping of keys at the top level",
    "# nothing\n": ": the file is empty - expected a mapping of keys",
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=list(WRONG.values()))
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "routing.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"routing.yaml{told}"):
        read_routing(tmp_path / "routing.yaml")


def test_what_is_no_text_is_told_as_well(tmp_path: Path) -> None:
    (tmp_path / "routing.yaml").write_bytes(SOUND.encode("utf-16"))
    with pytest.raises(ScenarioError, match=r"routing\.yaml:1: not UTF-8 text: byte 0xff"):
        read_routing(tmp_path / "routing.yaml")
    with pytest.raises(ScenarioError, match="is a folder"):
        read_routing(tmp_path)
