"""What only nature knows, as written in a file: schema, tables, and one checked value."""
