"""What the cells show gets names that tests can hold."""

import pytest

from nbkata.adopt.core.shown import changed_outputs, outputs_of, with_shown, worth_holding
from nbkata.adopt.core.translate import Translated
from nbkata.record.core.record import Fingerprint, Kind, Record, Stage


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("df = g()\ndf.head()  # look", "df = g()\nshown_3 = df.head()  # look"),
        ("(df\n .mean())", "shown_3 = (df\n .mean())"),
        ("a.shape, b.shape", "shown_3 = a.shape, b.shape"),
        (
            "print('R2', m.score(X, y))  # c",
            "shown_3 = m.score(X, y); print('R2', shown_3)  # c",
        ),
        (
            "print(f'R2 {m.score(X):.3f} of {len(X)}')",
            "shown_3 = m.score(X); shown_3_2 = len(X); print(f'R2 {shown_3:.3f} of {shown_3_2}')",
        ),
        ("print('%.2f' % f(x))", "shown_3 = f(x); print('%.2f' % shown_3)"),
        ("print('R2: ' + str(round(a, 2)))", "shown_3 = round(a, 2); print('R2: ' + str(shown_3))"),
        ("print('é', {0} {1}'.format(a.b))", "print('é', {0} {1}'.format(a.b))"),
        ("print(\n    len(a),\n)\nb = 1", "shown_3 = len(a); print(shown_3)\n\n\nb = 1"),
        ("if a: print(f(x)); print(y)",
         "if a: shown_3 = f(x); print(shown_3); shown_3_2 = y; print(shown_3_2)"),
        ("display(df.describe())", "shown_3 = df.describe(); display(shown_3)"),
        ("print(text, file=out)", "print(text, file=out)"),
        ("for m in ms:\n    m.fit(X)", "for m in ms:\n    m.fit(X)"),
        ("df.head();", "df.head();"),
        ("df['a'].plot()", "df['a'].plot()"),
        ("plt.show()", "plt.show()"),
        ("df", "df"),
        ("model.fit(X, y)", "model.fit(X, y)"),
        ("'a text'", "'a text'"),
        ("await f()", "await f()"),
    ],
)  # fmt: skip
def test_what_a_cell_shows_gets_a_name_on_its_line(code, named):
    found = with_shown([Translated(3, code)])
    assert found.cells[0].code == named and not found.unheld


def test_a_name_that_the_notebook_has_is_not_taken():
    assert "shown__3 = len(a)" in with_shown([Translated(3, "shown_3 = 1\nlen(a)")]).cells[0].code


def test_what_loops_and_functions_print_is_told():
    loop = with_shown([Translated(3, "for m in ms:\n    print(m.score(X))")])
    assert "shown_3 = m.score(X); print(shown_3)" in loop.cells[0].code
    assert loop.unheld == ("cell 3, line 2: printed in a loop; only the last round is held",)
    code = "def f(m):\n    print(m.score(X))"
    function = with_shown([Translated(3, code)])
    assert function.cells[0].code == code and not function.names
    assert function.unheld == ("cell 3, line 2: printed in a function",)


def test_only_the_chosen_names_are_given_and_each_is_the_same_as_before():
    cell = Translated(3, "print(f(x), g(y))\nh(z)")
    found = with_shown([cell], frozenset({"shown_3_2", "shown_3_3"}))
    assert found.cells[0].code == "shown_3_2 = g(y); print(f(x), shown_3_2)\nshown_3_3 = h(z)"
    assert found.last == {3: "shown_3_3"}


def value(digest, of="int", kind=Kind.SCALAR, shape=()):
    """A fingerprint."""
    return Fingerprint(kind, of, digest, shape)


def test_what_another_name_holds_to_the_end_is_not_held_twice():
    names = {
        "df": value("d", "DataFrame", Kind.FRAME, (2, 2)),
        "acc": value("new"),
        "shown_1": value("d", "DataFrame", Kind.FRAME, (2, 2)),  # the same table
        "shown_2": value("old"),  # acc, as it was
        "shown_3": value("new"),  # acc, as it is
        "shown_4": value("new"),  # computed: equal by chance
        "shown_5": value("n", "NoneType"),
        "shown_6": value("p", "Axes", Kind.OBJECT),
        "shown_7": value("l", "DataFrame", Kind.FRAME, (100_000, 2)),
    }
    shown = {name: "" for name in names if name.startswith("shown")}
    shown |= {"shown_2": "acc", "shown_3": "acc"}
    found = worth_holding(Record("n", (Stage(0, "", names),)), shown)
    assert found == {"shown_2", "shown_4"}


def cell_showing(*texts):
    """A code cell with outputs."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [text]} for text in texts]
    return {"cell_type": "code", "source": "…", "outputs": outputs}


@pytest.mark.parametrize(
    ("saved", "now", "what"),
    [
        ("Accuracy: 0.81", "Accuracy: 0.7933", "0.81 is now 0.7933"),
        ("22", "23", "22 is now 23"),
        ("0.81", "0.8099", ""),
        ("0.75", "np.float64(0.75)", ""),
        ("1e-05", "1.0e-05", ""),
        ("1.404651423032895", "1.4046514230328957", ""),
        (
            "<Figure size 432x288 with 1 Axes>\nrate = 2.6",
            "rate = 2.6\n<Figure size 640x480 with 1 Axes>",
            "",
        ),
        ("Wall time: 3 ms\n4", "Wall time: 9 ms\n4", ""),
        ("<object at 0x7f12345678>", "<object at 0x7f99999999>", ""),
        ("a  1\n.. ..\nz  9", "a  1\nb  2\n.. ..\nz  9", ""),
    ],
)
def test_a_number_that_changed_since_the_notebook_was_saved_is_told(saved, now, what):
    texts = [outputs_of({"cells": [cell_showing(text)]}) for text in (saved, now)]
    assert [text for _, text in changed_outputs(*texts)] == ([what] if what else [])
