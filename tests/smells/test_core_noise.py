"""Noise in a notebook is found where it stands; results and outputs of code that works are not."""

from nbkata.notebook.core.notebook import Cell, CellKind, Notebook, Output, OutputKind
from nbkata.smells.core.find import smells_in_notebook, smells_in_script
from nbkata.smells.core.symbols import NOISE


def code(source: str, *outputs: Output, count: int | None = None) -> Cell:
    return Cell(0, CellKind.CODE, source, count, outputs)


def noise(*cells: Cell) -> list[tuple[int | None, int, str]]:
    numbered = tuple(
        Cell(index, cell.kind, cell.source, cell.execution_count, cell.outputs)
        for index, cell in enumerate(cells)
    )
    found = smells_in_notebook(Notebook(numbered), "a.ipynb", NOISE).findings
    return [(finding.cell, finding.line, finding.symbol.value) for finding in found]


def result(text: str, html: str = "") -> Output:
    return Output(OutputKind.RESULT, text, html, ("text/plain",))


def test_neighbouring_prints_are_one_finding_and_separated_ones_two():
    assert noise(code("print(1)\nprint(2)\nx = 1\nif x:\n    print(3)")) == [
        (0, 1, "print-noise"),
        (0, 5, "print-noise"),
    ]


def test_a_print_in_a_helper_that_computes_is_noise_and_in_a_reporter_is_not():
    helper = "def area(r):\n    print(r)\n    return r * r\n"
    reporter = "def report(r):\n    print(r)\n"
    assert noise(code(helper), code(reporter)) == [(0, 2, "print-noise")]


def test_a_script_that_shows_its_answer_when_it_is_run_makes_no_noise():
    script = "print(1)\nif __name__ == '__main__':\n    print(2)\n"
    found = smells_in_script(script, "a.py", NOISE).findings
    assert [(finding.line, finding.symbol.value) for finding in found] == [(1, "print-noise")]
    assert noise(code(script)) == [(0, 1, "print-noise"), (0, 3, "print-noise")]


def test_a_print_to_a_file_is_no_noise():
    assert noise(code("print('x', file=log)")) == []


def test_looks_at_a_frame_are_display_noise_anywhere_in_a_cell():
    assert noise(code("df.head()\ndf.info()\ny = df['a']\ndf.describe()")) == [
        (0, 1, "display-noise"),
        (0, 4, "display-noise"),
    ]


def test_the_bare_last_expression_is_display_noise_and_a_fit_is_not():
    assert noise(code("x = 1\nx"), code("model.fit(X, y)", result("SVC()"), count=2)) == [
        (0, 2, "display-noise")
    ]


def test_a_call_that_returned_nothing_is_no_display_noise():
    assert noise(code("train(df)", count=1), code("evaluate(df)", result("0.81"), count=2)) == [
        (1, 1, "display-noise")
    ]


def test_plots_are_noise_but_their_settings_and_saved_figures_are_not():
    start = "import matplotlib.pyplot as plt\nimport seaborn as sns\nsns.set_theme()"
    drawn = "fig, ax = plt.subplots()\nax.set_title('a')\nplt.show()"
    assert noise(code(start), code(drawn), code(drawn + "\nplt.savefig('a.png')")) == [
        (1, 1, "plot-noise")
    ]


def test_a_picture_from_a_function_of_the_notebook_is_plot_noise():
    picture = Output(OutputKind.DISPLAY, "<Figure>", mime_types=("image/png",))
    assert noise(code("draw(df)", picture, count=1)) == [(0, 1, "plot-noise")]


def test_a_table_with_names_of_people_shows_personal_data():
    html = "<table><thead><tr><th></th><th>Name</th></tr></thead><td>Allen, Miss. Elisabeth</td>"
    assert (0, 1, "personal-data-shown") in noise(code("df.head()", result("", html)))


def test_columns_listed_by_info_show_nobody():
    stream = (
        " #   Column  Non-Null\n 0   Name    1309 non-null   str\n 1   email   3 non-null   str"
    )
    outputs = (Output(OutputKind.STREAM, stream, stream="stdout"), result("Name     0\nAge    263"))
    assert "personal-data-shown" not in {
        symbol for *_, symbol in noise(code("df.info()", *outputs))
    }


def test_names_of_products_are_not_personal_data():
    html = "<thead><tr><th></th><th>name</th></tr></thead><td>buick skylark 320</td>"
    found = {symbol for *_, symbol in noise(code("cars.head()", result("", html)))}
    assert found == {"display-noise"}


def test_a_magic_above_does_not_move_the_lines_below():
    assert noise(code("%matplotlib inline\n!ls\nfiles = !ls\n%time print(1)")) == [
        (0, 4, "print-noise")
    ]
