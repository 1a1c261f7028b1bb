"""The designs, a file each."""
