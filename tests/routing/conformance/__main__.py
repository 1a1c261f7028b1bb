"""Judge every case of a file: ``python -m tests.routing.conformance FILE.json``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from tests.routing.conformance.answer import answer
from tests.routing.conformance.case import Case
from tests.routing.conformance.judge import faults


def main(path: str) -> int:
    """Print what fails and the pass rate by provenance; return 1 if a peer's own case fails."""
    asked: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for raw in json.loads(Path(path).read_text(encoding="utf-8")):
        case = Case(raw)
        try:
            wrong = faults(case, answer(case))
        except Exception as error:  # one broken case must not hide the others
            wrong = [f"{type(error).__name__}: {error}"]
        asked[raw["provenance"]] += 1
        passed[raw["provenance"]] += not wrong
        for fault in wrong:
            print(f"{raw['id']} ({raw['strategy']}): {fault}")
    for provenance in sorted(asked):
        share = 100 * passed[provenance] / asked[provenance]
        print(f"{provenance:10} {passed[provenance]:4} of {asked[provenance]:4} pass  {share:5.1f} %")
    return int(any(passed[p] < asked[p] for p in asked if p != "derived"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
