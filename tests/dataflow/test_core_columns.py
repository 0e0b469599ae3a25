"""One answer to what a statement does with the columns of frames."""

import ast

import pytest

from nbkata.dataflow.core.columns import Frames, columns_of, frame_edits, with_frames
from nbkata.dataflow.core.frames import frame_names


def read(code: str) -> tuple[ast.stmt, Frames]:
    """The last statement, with what is known of the names."""
    tree = ast.parse(f"import pandas as pd\ndf = pd.read_csv('a')\nother = df.copy()\n{code}")
    return tree.body[-1], with_frames(Frames(frame_names(tree, series=False)), tree)


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("df['a'] = 1", "store df a"),
        ("df.a = 1", "store df a"),
        ("df['a'] += 1", "store df a"),
        ("df.columns = ['a']", "store df "),
        ("df.loc[mask, 'a'] = 1", "masked df a"),
        ("df.loc[mask] = 1", "masked df "),
        ("df['a'][mask] = 1", "chained df a"),
        ("df['a'].loc[mask] = 1", "chained df a"),
        ("df.fillna(0, inplace=True)", "inplace df "),
        ("df['a'].fillna(0, inplace=True)", "inplace df a"),
        ("df.insert(0, 'a', 1)", "inplace df "),
        ("del df['a']", "delete df a"),
        ("names = ['a', 'b']\ndf[names] = 0", "store df a b"),
        ("both = [df, other]\nfor one in both:\n    pass\none['a'] = 1", "store df other a"),
        ("df['a'], limit = f(df)", "store df a"),
        ("df.a: int", ""),
        ("box['a'] = 1", ""),
        ("df = df.dropna()", ""),
    ],
)
def test_an_edit_names_the_frames_the_columns_and_the_way(code: str, edit: str):
    found = [
        f"{e.how} {' '.join([*e.frames, ' '.join(e.columns)])}" for e in frame_edits(*read(code))
    ]
    assert found == ([edit] if edit else [])


@pytest.mark.parametrize(
    ("code", "read_", "written", "dropped"),
    [
        ("df['a'] = df['b'] + df['c']", "b c", "a", ""),
        ("df['a'] += 1", "a", "a", ""),
        ("df.drop(columns=['a', 'b'], inplace=True)", "", "", "a b"),
        ("new = df.drop('a', axis=1)", "", "", "a"),
        ("del df['a']", "", "", "a"),
        ("ages = df.pop('a')", "", "", "a"),
        ("new = df.assign(a=df['b'])", "b", "a", ""),
        ("df.groupby('a')['b'].mean()", "a b", "", ""),
        ("all_rows = df.loc[()]", "", "", ""),
        ("for _, row in df.iterrows():\n    row['a']", "a", "", ""),
        ("df['a'] = df.apply(lambda row: row['b'], axis=1)", "b", "a", ""),
    ],
)
def test_a_statement_reads_writes_and_drops_columns(
    code: str, read_: str, written: str, dropped: str
):
    columns = columns_of(*read(code))
    shown = [
        " ".join(sorted(column for _, column in group))
        for group in (columns.read, columns.written, columns.dropped)
    ]
    assert shown == [read_, written, dropped]
