"""What counts as copied: a window of statements, counted inside loops as well."""

from support.smell_builders import found

from nbkata.smells.core.symbols import Smell

HISTOGRAM = (
    "plt.figure(figsize=(10, 6))\nplt.hist({0}, bins=50)\nplt.xlabel('km')\nplt.ylabel({1!r})"
)


def test_a_short_plot_of_four_lines_is_a_copy_of_another():
    cells = [HISTOGRAM.format(*names) for names in (("fares", "rides"), ("tips[-1]", "tips"))]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1)]
    assert found(Smell.DUPLICATE_CODE, cells[0], cells[1].rpartition("\n")[0]) == []


def test_a_loop_copied_with_one_line_more_is_a_copy():
    loop = (
        "print('mean', 'spread')\n"
        "for size in range(1, 31, 2):\n"
        "    draws = normal(size ** 2 * 10000)\n"
        "    print('%15.12f %15.12f' % (draws.mean(), draws.std()))"
    )
    line = "    draws = np.concatenate((draws, -draws))\n"
    assert found(Smell.DUPLICATE_CODE, loop, f"{loop}\n{line}") == [(0, 1), (1, 1)]
    assert found(Smell.DUPLICATE_CODE, loop, loop.replace("    print", f"{line}    print")) == []


def test_settings_under_the_same_names_belong_to_the_copy():
    cell = "column = 'fare'\nstep = {0}()\ntitle = 'Fare'\npart = Feature(source=column, step=step, title=title)"
    cells = [cell.format(name) for name in ("Root", "Log")]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1)]
    other = cells[1].replace("title", "heading")
    assert found(Smell.DUPLICATE_CODE, cells[0], other) == []


def test_tables_of_constants_may_differ_in_length_between_copies():
    cell = (
        "rides = rides.rename(columns={{{0!r}: 'fare'}})\nrides[{0!r}] = rides[{0!r}].replace({1})"
    )
    tables = ("{'$': ''}", "{'km': '', 'm': ''}", "{'h': '', 'min': '', 's': ''}")
    cells = [cell.format(name, table) for name, table in zip("abc", tables, strict=True)]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1), (2, 1)]


def test_an_import_inside_a_copy_does_not_hide_it():
    cell = "rides = read({0})\nfrom tariff import Index\nindex = Index()\nmodel = index.fit(rides)\nrides = model.transform(rides, {0})"
    cells = [cell.format(name) for name in ("here", "there")]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1)]


def test_two_lines_again_and_again_are_a_table():
    pair = "t_{0} = rides['km'].shift({0}).to_frame()\nt_{0}.columns = ['km-{0}']\n"
    assert found(Smell.DUPLICATE_CODE, "".join(pair.format(n) for n in (1, 2, 3))) == [(0, 1)]
    assert found(Smell.DUPLICATE_CODE, "".join(pair.format(n) for n in (1, 2))) == []


def test_a_long_cell_of_three_statements_is_a_copy_when_it_stands_twice():
    cell = (
        "top_{0} = authors_{0}.nlargest(25, 'cited')\n"
        "fig = px.bar(top_{0}, x='author', y='cited', title='{0}', color='cited', width=300)\n"
        "fig.show(renderer='svg', config=plain)"
    )
    cells = [cell.format(name) for name in ("read", "cited")]
    assert found(Smell.DUPLICATE_CODE, *cells) == [(0, 1), (1, 1)]
