"""An explanation in plain words."""
from __future__ import annotations
def describe(x): return ""
