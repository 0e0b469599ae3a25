"""Forests that have been fitted before to the same rows: remembered, not fitted again.

A refactoring leaves what reaches the model as it was, and fitting takes most of a run. Only `nbkata
watch` remembers, for as long as it lasts; `nbkata check` fits everything. What is remembered is
scikit-learn's own work, by all that goes into it: the class, every attribute of the model, every
row and answer. A forest is fitted as ever where more than these decides what comes out or what is
seen: chance that is not seeded, an earlier fit, weights, settings that are objects, a warning.
"""

import functools
import os
import pickle
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

FITS = "NBKATA_FITS"
"""The variable that names the folder."""
MOST = 30
"""Fits that are kept, of about a megabyte each; the oldest go."""
MODULE = "sklearn.ensemble._forest"
PLAIN = {type(None), bool, int, float, str}

Fit = Callable[..., Any]


def remember_fits() -> None:
    """From now on in this process, where the environment names a folder for it."""
    folder, module = os.environ.get(FITS), sys.modules.get(MODULE)
    if folder and module is not None:
        setattr(module.BaseForest, "fit", _remembering(module.BaseForest.fit, Path(folder)))


def _remembering(fit: Fit, folder: Path) -> Fit:
    @functools.wraps(fit)
    def remembered(model: Any, rows: Any, answers: Any, *others: Any, **named: Any) -> Any:
        key = None if others or named else _key(model, rows, answers)
        if key is None:
            return fit(model, rows, answers, *others, **named)
        fitted = _read(folder / key)
        if fitted is None:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                fit(model, rows, answers)
            fitted = {} if said else vars(model)
            _keep(folder / key, fitted)
        if not fitted:  # it warns: whoever runs it decides what becomes of that
            return fit(model, rows, answers)
        vars(model).update(fitted)
        return model

    return remembered


def _key(model: Any, rows: Any, answers: Any) -> str | None:
    """A digest of all that decides about the fit; none where that cannot be told."""
    settings = model.get_params(deep=False)
    if (
        type(model).__module__ != MODULE
        or hasattr(model, "estimators_")
        or any(type(value) not in PLAIN for value in settings.values())
        or not isinstance(settings["random_state"], int)
        or settings["verbose"]
    ):
        return None
    joblib = sys.modules["joblib"]  # scikit-learn has imported it
    try:
        return str(joblib.hash((type(model).__name__, vars(model), rows, answers), "sha1"))
    except Exception:  # pylint: disable=broad-exception-caught # something that cannot be pickled
        return None


def _read(kept: Path) -> dict[str, Any] | None:
    """The fitted model's attributes; empty where fitting warns, none where nothing is known."""
    try:
        found: dict[str, Any] = pickle.loads(kept.read_bytes())
    except Exception:  # pylint: disable=broad-exception-caught # not there, or damaged
        return None
    return found


def _keep(kept: Path, fitted: dict[str, Any]) -> None:
    with suppress(OSError):  # a full disk remembers nothing
        kept.parent.mkdir(exist_ok=True)
        beside = kept.with_name(f"{kept.name}.{os.getpid()}")
        beside.write_bytes(pickle.dumps(fitted))
        os.replace(beside, kept)
        by_age = sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in by_age[:-MOST]:
            old.unlink(missing_ok=True)
