"""Drill 07: formatted by the tool, and still the same program."""

import ast

import black


def test_it_is_still_the_same_program(drill):
    original, yours = (
        ast.dump(ast.parse(black.format_str(text, mode=black.Mode())))
        for text in (drill.original("titles.py"), ast.unparse(drill.tree("titles.py")))
    )
    assert yours == original, (
        "The program itself has changed. nbkata drill reset, then format: that changes only looks."
    )


def test_it_looks_as_black_writes_it(drill):
    text = drill.text("titles.py")
    as_black = {black.format_str(text, mode=black.Mode(line_length=width)) for width in (88, 100)}
    assert text not in (drill.original("titles.py"),), (
        "The file is as it was. Format it, and save."
    )
    assert text in as_black, (
        "Nearly: something differs from what black writes. Is another formatter chosen, or was it "
        "formatted by hand? Format once more with black."
    )
