"""Sizing a pilot: which stores, how many, how long, in which design, and how wrong it would be."""
