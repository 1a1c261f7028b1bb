"""One file, one way to choose."""
