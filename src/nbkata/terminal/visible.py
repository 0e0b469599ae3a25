"""Text from files and programs, with what would steer the terminal shown instead of sent."""

_STEERING = [*range(0x20), 0x7F, *range(0x80, 0xA0)]
_SHOWN = {code: f"\\x{code:02x}" for code in _STEERING if chr(code) not in "\n\t"}


def visible(text: str) -> str:
    """Return the text with ``\\x1b`` for an escape; line ends and tabs stay."""
    return text.replace("\r\n", "\n").translate(_SHOWN)
