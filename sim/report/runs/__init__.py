"""A study from beginning to end: its progress, its files, and what is shown of it."""
