"""Drill 11: one function, one new name, in every file."""

import ast

FILES = ("titles.py", "features.py", "report.py", "test_titles.py")
JOHN = {"Name": "Doe, Mr. John", "SibSp": 0, "Parch": 0, "proc": "quay"}


def names_in(tree):
    """(line, name) of all that is a name in the code; strings and comments are not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.FunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, name.name) for name in node.names)


def test_the_new_name_is_everywhere(drill):
    found = {name for _, name in names_in(drill.tree("titles.py"))}
    assert "title_of" in found, "titles.py has no function title_of yet. Rename proc in there."
    for file in FILES:
        old = [line for line, name in names_in(drill.tree(file)) if name == "proc"]
        assert not old, (
            f"{file}, line {old[0]}: proc is still called by its old name. Use the IDE's rename on the "
            "function: it knows all the files."
        )


def test_the_column_keeps_its_name(drill):
    assert "['proc']" in ast.unparse(drill.tree("features.py")), (
        "The column 'proc' was renamed as well: that was search and replace. nbkata drill reset, "
        "then rename the function itself."
    )
    features = drill.load("features.py")
    fields = drill.call(features.features, JOHN)
    assert fields == {"Title": "Mr", "IsAlone": 1, "Procedure": "quay"}, (
        f"features gives {fields}. Only the function has a new name; columns keep theirs."
    )


def test_everyone_who_calls_it_works(drill):
    counted = drill.call(drill.load("report.py").people_by_title, ["Doe, Mr. John", "Roe, Mr. Jim"])
    assert counted == {"Mr": 2}, f"people_by_title gives {counted}, not 2 of Mr."
    drill.call(drill.load("test_titles.py").test_a_title_stands_between_comma_and_full_stop)
