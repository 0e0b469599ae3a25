"""Reading ``smells.toml``, which travels with the package."""

import tomllib
from functools import cache
from importlib.resources import files

from nbkata.smells.core.documentation import SmellDoc, docs_from_toml
from nbkata.smells.core.symbols import Smell


@cache
def read_catalogue() -> dict[Smell, SmellDoc]:
    """What is said of every smell."""
    text = files("nbkata.smells").joinpath("smells.toml").read_text(encoding="utf-8")
    return docs_from_toml(tomllib.loads(text))
