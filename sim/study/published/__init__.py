"""Experiments that others have published, run again."""
