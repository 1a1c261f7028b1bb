"""Reading YAML and CSV so that every error can name its file and line; writing so that nothing is left half done."""

from sim.files.table import NOT_RENAMED, Row, Table, read_table
from sim.files.text import read_text
from sim.files.tree import Key, YamlFile, read_value, read_yaml
from sim.files.validate import validate
from sim.files.writing import atomic_path, new_folder, write_yaml

__all__ = [
    "NOT_RENAMED", "Key", "Row", "Table", "YamlFile", "atomic_path", "new_folder", "read_table", "read_text",
    "read_value", "read_yaml", "validate", "write_yaml",
]  # fmt: skip
