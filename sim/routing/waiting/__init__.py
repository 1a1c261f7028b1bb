"""Orders that are not decided yet, or wait for goods."""
