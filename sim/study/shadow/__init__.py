"""A candidate in the shadow of the rule in force: logs and tables of past decisions, decided again."""
