"""A comparison as people see it: tables, sentences, pictures."""
