"""What the code under test shows to its callers while tests run: the oracle for mutants.

Every target file ends with a line that calls `Oracle.left` (added to the temporary copy). From
there on two things are kept, as fingerprints: the data in the module's namespace when its code
has run (all there is to a script), and each call that comes from outside the targets: what it
returned or raised, and its arguments as it left them (a frame may be edited in place, a file may
be written at a path given). Calls among the targets are their own affair: moving code between
them is refactoring. A mutant that leaves all of it equal changes no behaviour that these tests
could ever see at this seam, so it is not counted.
"""

import functools
import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbkata.record.shell import probe

# Appended to the targets' copies; without an oracle in the process it does nothing.
FOOTER = (
    "\n(lambda oracle: oracle and oracle.left(globals()))"
    "(__import__('sys').modules.get('_nbkata_oracle'))\n"
)
# Kept apart; a test that calls more often is still compared, by digest.
MOST_EVENTS = 5000


class Oracle(types.ModuleType):
    """Collects what is seen; it is in `sys.modules` as ``_nbkata_oracle``."""

    def __init__(self) -> None:
        super().__init__("_nbkata_oracle")
        self.events: list[tuple[str, str]] = []
        self.prints: dict[str, dict[str, Any]] = {}
        self.probe = probe.Probe()
        self.inside = 0

    def left(self, namespace: dict[str, Any]) -> None:
        """A target's code has run to its end: keep its data, watch its functions."""
        module = Path(namespace.get("__file__") or "script").name
        if not self.inside:
            for name in sorted(namespace):
                # pylint: disable-next=protected-access # the probe is one text, not a library
                if not probe._is_machinery(name, namespace[name]):
                    self._keep(of_module(module, name), namespace[name])
        for name, value in list(namespace.items()):
            if getattr(value, "__module__", None) != namespace.get("__name__"):
                continue
            if isinstance(value, types.FunctionType):
                namespace[name] = self._watched(value, name)
            elif isinstance(value, type):
                self._watch_class(value)

    def _watch_class(self, kind: type) -> None:
        for name, value in list(vars(kind).items()):
            public = not name.startswith("_") or name in ("__init__", "__call__")
            if isinstance(value, types.FunctionType) and public:
                setattr(kind, name, self._watched(value, f"{kind.__name__}.{name}"))

    def _watched(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if self.inside:
                return function(*args, **kwargs)
            self.inside += 1
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                self._keep(f"{name}() raises", f"{type(error).__name__}: {error}")
                raise
            finally:
                self.inside -= 1
            self._keep_parts(f"{name}() returns", result)
            for place, argument in enumerate((*args, *kwargs.values())):
                self._keep(f"{name}() leaves argument {place}", _opened(argument))
            return result

        return watched

    def _keep_parts(self, where: str, value: Any, depth: int = 2) -> None:
        """A result of several values one by one, so that a difference can be named."""
        parts: list[tuple[str, Any]] = []
        if depth and isinstance(value, dict) and 0 < len(value) <= 50:
            parts = [(f"[{key!r}]", item) for key, item in value.items()]
        elif depth and isinstance(value, tuple) and 0 < len(value) <= 20:
            names = getattr(value, "_fields", None)
            labels = [f".{n}" for n in names] if names else [f"[{i}]" for i in range(len(value))]
            parts = list(zip(labels, value, strict=True))
        elif depth and hasattr(value, "__dataclass_fields__") and hasattr(value, "__dict__"):
            parts = [(f".{key}", item) for key, item in vars(value).items()]
        for label, item in parts:
            self._keep_parts(where + label, item, depth - 1)
        if not parts:
            self._keep(where, _opened(value))

    def _keep(self, where: str, value: Any) -> None:
        self.events.append((where, self.digest(value)))

    def digest(self, value: Any) -> str:
        """Of a value's fingerprint, which is kept."""
        answer = self.probe.fingerprint(value)
        digest = str(answer["digest"])
        if len(self.prints) < MOST_EVENTS:
            self.prints.setdefault(digest, answer)
        return digest

    def as_json(self) -> str:
        """Events, fingerprints by digest, and the columns' rows."""
        return json.dumps({"events": self.events, "prints": self.prints, "rows": self.probe.rows})


def of_module(file: str, name: str) -> str:
    """Where a module's own data is seen."""
    return f"{file}: {name}"


def _opened(value: Any) -> Any:
    """What a value says through its attributes or its file, where its type alone would be kept."""
    if isinstance(value, Path):
        if value.is_file() and value.stat().st_size < 50_000_000:
            return value.read_bytes()
        return sorted(item.name for item in value.iterdir()) if value.is_dir() else None
    plain = not hasattr(value, "shape") and not hasattr(type(value), "get_params")
    if plain and type(value).__module__ not in ("builtins", "numpy") and hasattr(value, "__dict__"):
        # pylint: disable-next=protected-access # the probe is one text, not a library
        if not isinstance(value, probe.NOT_DATA) and not probe._is_model(value):
            return {key: item for key, item in vars(value).items() if not callable(item)}
    return value
