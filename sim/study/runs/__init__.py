"""Runs that were made: where they are kept, found again, and read back."""
