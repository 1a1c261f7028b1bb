"""THE ENGINE. It runs in production as it stands: no simulator, no data frames, no scenario in it."""
