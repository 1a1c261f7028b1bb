"""The CSV tables beside a scenario file: read, checked, and held against it."""
