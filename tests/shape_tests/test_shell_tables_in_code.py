"""Tables in a learner's code, however they are written: found, and changed."""

import ast
from pathlib import Path

import pytest

from nbkata.shape_tests.shell.tables_in_code import DataFile, Table, tables_with

HERE = Path("train.py")


def tables(code: str, *wanted: str | float) -> list[Table]:
    found = tables_with({HERE: ast.parse(code)}, wanted)
    return [table for table in found if isinstance(table, Table)]


@pytest.mark.parametrize(
    ("code", "exchanged"),
    [
        ("SEX = {'m': 0, 'f': 1}", "SEX = {'f': 0, 'm': 1}"),
        ("SEX = ['m', 'f']", "SEX = ['f', 'm']"),
        ("SEX = 'm f'.split()", "SEX = 'f m'.split()"),
        ("SEX = dict(m=0, f=1)", "SEX = dict(f=0, m=1)"),
        ("CODES = [('Sex', {'m': 0, 'f': 1})]", "CODES = [('Sex', {'f': 0, 'm': 1})]"),
        ("E = Encoder(categories=[['m', 'f']])", "E = Encoder(categories=[['f', 'm']])"),
        ("class Sex(Enum):\n    m = 0\n    f = 1", "class Sex(Enum):\n    f = 0\n    m = 1"),
    ],
)
def test_a_table_is_found_and_its_entries_exchanged(code: str, exchanged: str):
    (table,) = tables(code, "m", "f")
    assert not table.function
    assert table.with_exchanged({"m": "f", "f": "m"}) == exchanged
    assert ast.unparse(table.tree) == code


@pytest.mark.parametrize(
    ("text", "exchanged"),
    [
        ("[Sex]\nm = 0\nf = 1.5\n", "[Sex]\nf = 0\nm = 2.5\n"),
        ('{"m": 0, "f": 1.50, "mf": 15}', '{"f": 0, "m": 2.5, "mf": 15}'),
        ("sex,code\nm,0\nf,1.5\n", "sex,code\nf,0\nm,2.5\n"),
    ],
)
def test_a_data_file_is_a_table_of_its_words_and_numbers(text: str, exchanged: str):
    file = DataFile(Path("tables.toml"), text)
    assert tables_with({}, ("m", "f", 1.5), [file]) == [file]
    assert not tables_with({}, ("m", "f", 5), [file])
    assert file.with_exchanged({"m": "f", "f": "m", 1.5: 2.5}) == exchanged


def test_a_number_is_an_entry_and_truth_values_are_none():
    (table,) = tables("EDGES = {'child': 1, 'old': [64.0], 'open': True}", 1, 64)
    assert table.name == "EDGES"
    changed = table.with_exchanged({1: 2})
    assert changed == "EDGES = {'child': 2, 'old': [64.0], 'open': True}"


def test_a_table_in_a_function_says_so_and_comes_last_and_a_call_there_is_no_table():
    code = (
        "def f(rows):\n    use(rows, m={'m': 0}, f={'f': 1})\n    return rows.map({'m': 0, 'f': 1})\n"
        "SEX = ['m', 'f']\n"
    )
    assert [(table.name, table.function) for table in tables(code, "m", "f")] == [
        ("SEX", ""),
        ("f", "f"),
    ]
