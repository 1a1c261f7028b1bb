"""The books: what a run's tables mean in money, entry by entry, and what its stock, sites and models cost."""
