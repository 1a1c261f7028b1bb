"""Single orders of runs that were made: how they lived, and where two runs decided them differently."""
