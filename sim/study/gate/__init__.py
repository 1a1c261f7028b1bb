"""The engineer's gate: whether a change of the routing engine is safe to ship.

Baseline and candidate meet the same tapes. What may become worse, by how much, stands in a reviewed file of margins;
the verdict is pass, fail or undecided.
"""
