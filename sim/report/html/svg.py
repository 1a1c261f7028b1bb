"""A figure as a piece of a page: its text is text, its names are its own, nothing in it leads elsewhere."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import matplotlib as mpl

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_USED = re.compile(r"url\(#([^)]+)\)|^#(.+)$")


def inline_svg(figure: Figure, name: str, alt: str) -> str:
    """Return a figure as an ``<svg>`` element.

    Parameters
    ----------
    name
        Unique on the page: it is put before the names that the figure's parts refer to one another by.
    alt
        What the figure shows, for those who do not see it.
    """
    file = io.StringIO()
    # a fixed salt: the same figure is the same text every time
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    root = Tree.fromstring(file.getvalue())
    for metadata in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(metadata)
    for size in ("width", "height"):
        root.attrib.pop(size, None)  # as wide as the page lets it be
    _own_names(root, name)
    root.set("role", "img")
    root.set("aria-label", alt)
    Tree.register_namespace("", _SVG)
    Tree.register_namespace("xlink", _XLINK)
    return Tree.tostring(root, encoding="unicode")


def _own_names(root: Tree.Element, name: str) -> None:
    """Keep the ids that something refers to, with a prefix, and drop all others."""
    used = {
        match[1] or match[2]
        for element in root.iter()
        for value in element.attrib.values()
        for match in _USED.finditer(value)
    }
    for element in root.iter():
        for attribute, value in list(element.attrib.items()):
            if attribute == "id":
                if value in used:
                    element.set("id", f"{name}-{value}")
                else:
                    del element.attrib["id"]
            else:
                element.set(
                    attribute, _USED.sub(lambda m: f"url(#{name}-{m[1]})" if m[1] else f"#{name}-{m[2]}", value)
                )
