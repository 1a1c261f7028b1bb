"""The blocks of a scenario file, each in a file of its own."""
