"""Commands as a person pastes them into a shell."""


def quoted(word: str) -> str:
    """A path or another word of a command: in quotation marks if a shell would take it apart."""
    return f'"{word}"' if set(word) & set(" &()'") else word
