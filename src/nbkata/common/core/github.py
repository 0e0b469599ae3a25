"""Workflow commands: what GitHub shows beside the lines of a pull request."""


def annotation(level: str, text: str, **properties: object) -> str:
    """``::error file=…,line=…::TEXT``; ``level`` is error, warning or notice."""
    place = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {place}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
