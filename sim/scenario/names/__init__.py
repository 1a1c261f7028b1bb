"""Names and combinations that are right by themselves and wrong together."""
