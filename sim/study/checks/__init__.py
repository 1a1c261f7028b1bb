"""What can be said against a scenario before it runs."""
