"""From replications to what may be said: intervals, differences, selections, and how often they are right."""
