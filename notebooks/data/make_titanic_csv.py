"""Makes titanic.csv beside this file from the OpenML data set 40945 in scikit-learn's wheel.

No network: scikit-learn ships the original ARFF file among its own tests.

    python notebooks/data/make_titanic_csv.py [OUTPUT.csv]
"""

import csv
import gzip
import io
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ORIGINAL = "datasets/tests/data/openml/id_40945/data-v1-dl-16826755.arff.gz"  # inside sklearn/
ORIGINAL_NAMES = {
    "Survived": "survived",
    "Pclass": "pclass",
    "Name": "name",
    "Sex": "sex",
    "Age": "age",
    "SibSp": "sibsp",
    "Parch": "parch",
    "Ticket": "ticket",
    "Fare": "fare",
    "Cabin": "cabin",
    "Embarked": "embarked",
}
MISSING = "?"


def original_path() -> Path:
    """Where the installed scikit-learn keeps the original; scikit-learn itself is not imported."""
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("scikit-learn is not installed in this environment")
    return Path(spec.origin).parent / ORIGINAL


def passengers(arff: str) -> Iterator[dict[str, str]]:
    """The ARFF text's rows, each value spelled as in the file, the missing ones empty."""
    header, data = arff.split("@data\n")
    names = [line.split("'")[1] for line in header.splitlines() if line.startswith("@attribute")]
    for values in csv.reader(data.splitlines(), escapechar="\\", doublequote=False, strict=True):
        if values:
            yield dict(zip(names, ("" if v == MISSING else v for v in values), strict=True))


def titanic_csv(arff: str) -> str:
    """The CSV's text: the original's rows in the original's order, numbered from 1."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["PassengerId", *ORIGINAL_NAMES])
    for number, passenger in enumerate(passengers(arff), start=1):
        writer.writerow([number, *(passenger[name] for name in ORIGINAL_NAMES.values())])
    return out.getvalue()


def main(argv: list[str]) -> None:
    """Writes the CSV to the path given, else beside this file."""
    target = Path(argv[0]) if argv else Path(__file__).with_name("titanic.csv")
    arff = gzip.decompress(original_path().read_bytes()).decode("utf-8")
    target.write_bytes(titanic_csv(arff).encode("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
