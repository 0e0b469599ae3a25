"""Lines of which somebody has told pylint, or a linter like it, that they are so on purpose."""

import re

from nbkata.smells.core.syntax import Node
from nbkata.smells.core.view import View


def is_explained(view: View, node: Node, names: str, most: int = 0) -> bool:
    """Whether a comment in its line or the one above, or so many below, names one of the rules.

    ``names`` is a pattern: of pylint's names, and of the short ones that other linters have.
    """
    block = view.source.block_at(node.lineno)
    if block is None:
        return False
    lines = block.source.split("\n")
    own = node.lineno - block.first
    near = lines[max(0, own - 1) : max(own + 1, own + most)]
    return any(re.search(rf"(pylint: disable\S*|noqa\S*)\W+\S*({names})", line) for line in near)
