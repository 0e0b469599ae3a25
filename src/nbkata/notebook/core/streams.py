"""What a cell printed, as one output each for its two streams.

nbclient can do this, in a time that grows with the square of a line: hours for one of a million characters.
"""

from collections.abc import Sequence
from typing import Any


def joined_streams(outputs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the pieces of each stream at the place of its first, standard output before errors.

    Of a line that was written over (``\\r``), the last text stays.
    """
    joined: list[dict[str, Any]] = []
    pieces: dict[str, list[str]] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
            continue
        if output["name"] not in pieces:
            pieces[output["name"]] = []
            joined.append(output)
        pieces[output["name"]].append(output["text"])
    for place, output in enumerate(joined):
        if output["output_type"] == "stream":
            lines = "".join(pieces[output["name"]]).split("\n")
            text = "\n".join(line[line.rfind("\r", 0, -1) + 1 :] for line in lines)
            joined[place] = {**output, "text": text}
    for place in range(len(joined) - 1):
        if [output.get("name") for output in joined[place : place + 2]] == ["stderr", "stdout"]:
            joined[place : place + 2] = reversed(joined[place : place + 2])
    return joined
