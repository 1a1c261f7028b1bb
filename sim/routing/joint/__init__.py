"""Decisions on many orders at once: which order gives way where stock is not enough for all."""
