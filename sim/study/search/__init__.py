"""The best of many: a question, its candidates, and the search for the best of them."""
