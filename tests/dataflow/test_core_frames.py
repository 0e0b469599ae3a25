"""One answer to which names are frames, for smells, extract and purity."""

import ast

import pytest

from nbkata.dataflow.core.frames import frame_names

READ = "import pandas as pd\ndf = pd.read_csv('a.csv')\n"


@pytest.mark.parametrize(
    ("code", "frames", "columns"),
    [
        ("ages = df['Age']", {"df"}, {"ages"}),
        ("old = df[df['Age'] > 64]", {"df", "old"}, set()),
        ("old = df.loc[mask]\nfew = old.head()", {"df", "old", "few"}, set()),
        ("table = pd.concat([df, df])", {"df", "table"}, set()),
        ("from readers import read_text\ntext = read_text('a')", {"df"}, set()),
        ("train, test = train_test_split(df)", {"df", "train", "test"}, set()),
        ("both = [df, other]\nfor part in both:\n    part.x", {"df", "part"}, set()),
        ("other.groupby('Sex')\nnp.isnull(x)", {"df", "other"}, set()),
        ("array = df.values[0]", {"df"}, set()),
    ],
)
def test_a_name_is_a_frame_by_where_it_comes_from_and_what_is_asked_of_it(
    code: str, frames: set[str], columns: set[str]
):
    tree = ast.parse(READ + code)
    assert frame_names(tree, series=False).names == frames
    assert frame_names(tree, series=True).names == frames | columns
