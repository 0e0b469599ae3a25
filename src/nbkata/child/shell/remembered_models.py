"""What models have been fitted and asked before with the same rows: remembered, not computed again.

A refactoring leaves what reaches the models as it was, and fitting takes most of a run. Remembered
is for as long as `nbkata watch` lasts, a session of mutation testing or of repeated runs under one
hash seed, the runs of a check's tests with one thing broken, and the proof of the steps. The run
that `nbkata check` compares with the golden record computes everything. What is
remembered is scikit-learn's own work, by all that goes into it: the class, every attribute of the
model, every row and answer. A model works as ever where more than these decides what comes out or
what is seen: chance that is not seeded, threads, an earlier fit, weights, settings that are objects,
a warning.
"""

import functools
import hashlib
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# The variable that names the folder.
FOLDER = "NBKATA_MODELS"
# That are kept; a forest takes about a megabyte. The oldest go.
MOST_BYTES = 100_000_000
PLAIN = {type(None), bool, int, float, str}


# By their public module: classes whose work is dearer than looking it up, and what is remembered.
KINDS = (
    ("sklearn.ensemble", "RandomForestClassifier", ("fit", "predict_proba")),
    ("sklearn.ensemble", "ExtraTreesClassifier", ("fit", "predict_proba")),
    ("sklearn.svm", "SVC", ("fit",)),
    ("sklearn.svm", "NuSVC", ("fit",)),
    ("sklearn.neighbors", "KNeighborsClassifier", ("fit", "predict", "score")),
)

# Where its files are: a warning of one of them says the same wherever the learner's code is.
LIBRARY = f"{os.sep}sklearn{os.sep}"

# By these a search tells the callbacks of its own fit from those of the fits in it: new each time.
CONTEXT, CALLBACKS = "_parent_callback_ctx", "_skl_callbacks"

Method = Callable[..., Any]


def remember_models() -> None:
    """From now on in this process, where the environment names a folder for it."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    for module, name, methods in KINDS:
        kind: Any = getattr(sys.modules.get(module), name, None)
        for method in methods if kind is not None else ():
            setattr(kind, method, _remembering(getattr(kind, method), kind, Path(folder)))


def _remembering(method: Method, kind: Any, folder: Path) -> Method:
    name = method.__name__

    @functools.wraps(method)
    def remembered(model: Any, *given: Any, **named: Any) -> Any:
        key = None if named or len(given) > 2 else _key(model, kind, name, given)
        if key is None:
            return method(model, *given, **named)
        known = _read(folder / key)
        if known is None:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                came_out = method(model, *given)
            said = [(w.message, w.category, w.filename, w.lineno) for w in caught]
            ours = all(LIBRARY in file for _, _, file, _ in said)
            known = (_state(model) if name == "fit" else came_out, said) if ours else ()
            _keep(folder / key, known)
        if not known:  # it warns of the learner's line
            return method(model, *given)
        for message, category, file, line in known[1]:  # who runs it decides what becomes of it
            warnings.warn_explicit(message, category, file, line)
        if name != "fit":
            return known[0]
        vars(model).update(known[0])
        return model

    return remembered


def _state(model: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(model).items() if name != CONTEXT}


def _key(model: Any, kind: Any, name: str, given: tuple[Any, ...]) -> str | None:
    """A digest of all that decides about what comes out; none if that is not known."""
    if model.__class__ is not kind or not _plain(model.get_params(deep=False)):
        return None
    has = _state(model)
    if name == "fit" and any(attribute.endswith("_") for attribute in has):
        return None  # it was fitted before
    if CALLBACKS in has:
        return None
    digest = hashlib.blake2b(digest_size=20)
    try:
        for part in _pickled((name, type(model).__name__, has, given)):
            digest.update(part)
    except Exception:  # pylint: disable=broad-exception-caught # something that cannot be pickled
        return None
    return digest.hexdigest()


def _plain(settings: Mapping[str, Any]) -> bool:
    """Whether these settings decide all: no object, no chance, nothing printed on the way."""
    return (
        all(type(value) in PLAIN for value in settings.values())
        and isinstance(settings.get("random_state", 0), int)
        and settings.get("n_jobs") in (None, 1)  # threads add up in any order
        and not settings.get("verbose")
    )


def _pickled(value: Any) -> Iterator[bytes | memoryview]:
    """Large tables are not copied for it."""
    tables: list[pickle.PickleBuffer] = []
    yield pickle.dumps(value, protocol=5, buffer_callback=tables.append)
    for table in tables:
        yield table.raw()


def _read(kept: Path) -> tuple[Any, ...] | None:
    """What came out and its warnings; empty if these are not scikit-learn's, none if it is not known."""
    try:
        found: tuple[Any, ...] = pickle.loads(kept.read_bytes())
    except Exception:  # pylint: disable=broad-exception-caught # not there, or damaged
        return None
    return found


def _keep(kept: Path, known: tuple[Any, ...]) -> None:
    with suppress(OSError):  # a full disk remembers nothing
        kept.parent.mkdir(exist_ok=True)
        beside = kept.with_name(f"{kept.name}.{os.getpid()}")
        beside.write_bytes(pickle.dumps(known))
        os.replace(beside, kept)


def forget_oldest() -> None:
    """Keep what was last remembered, as much as there is room for."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    with suppress(OSError):  # not there yet, or a run is writing to it: the next time will do
        left = MOST_BYTES
        kept = [(file.stat(), file) for file in Path(folder).iterdir()]
        for stat, file in sorted(kept, key=lambda found: -found[0].st_mtime_ns):
            left -= stat.st_size
            if left < 0:
                file.unlink(missing_ok=True)
