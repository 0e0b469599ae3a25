"""What a cell printed, joined as nbclient joins it, whatever the length of a line."""

import random
from typing import Any

import pytest
from nbclient.client import _RGX_CARRIAGERETURN

from nbkata.notebook.core.streams import joined_streams


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


SHOWN = {"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}


@pytest.mark.parametrize(
    ("outputs", "joined"),
    [
        ([], []),
        ([stream("a"), SHOWN, stream("b\n")], [stream("ab\n"), SHOWN]),
        (
            [stream("e", "stderr"), stream("a"), stream("f", "stderr"), SHOWN],
            [stream("a"), stream("ef", "stderr"), SHOWN],
        ),
        ([stream("1 %\r"), stream("2 %\r"), stream("done\n")], [stream("done\n")]),
        ([SHOWN, stream("e", "stderr"), SHOWN, stream("a")], [SHOWN, stream("e", "stderr"), SHOWN, stream("a")]),
    ],
)  # fmt: skip
def test_each_stream_is_one_output(outputs: list[dict[str, Any]], joined: list[dict[str, Any]]):
    assert joined_streams(outputs) == joined


def test_what_was_written_over_is_gone_as_nbclient_has_it():
    chance = random.Random(1)
    for _ in range(500):
        text = "".join(chance.choices("ab\r\n", k=chance.randrange(12)))
        assert joined_streams([stream(text)]) == [stream(_RGX_CARRIAGERETURN.sub("", text))]


def test_a_line_of_ten_million_characters_is_joined_at_once():
    """nbclient's own pattern would take a day."""
    assert joined_streams([stream("x" * 10**7)]) == [stream("x" * 10**7)]
