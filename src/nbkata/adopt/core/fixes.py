"""What libraries changed, where the cure is mechanical: the new line for the old one, as a diff."""

import re
from collections.abc import Iterable, Mapping
from difflib import unified_diff

from nbkata.notebook.core.notebook import Notebook
from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell

# One a line: what a finding names, what its line says, what to write. Tried in this order;
# only lines with such a finding are touched, so that a list's own ``.sort()`` stays.
_CURES = r"""
frequency	(?<=['"])(\d*)H(?=['"])	\1h
frequency	(?<=['"])(\d*)T(?=['"])	\1min
frequency	(?<=['"])(\d*)S(?=['"])	\1s
frequency	(?<=['"])(\d*)(M|Q|BM|BQ|SM)(?=['"-])	\1\2E
frequency	(?<=['"])(\d*)[AY](?=['"-])	\1YE
frequency	(?<=['"])(\d*)AS(?=['"-])	\1YS
style	(?<=['"])seaborn(?!-v0_8)	seaborn-v0_8
numpy\.(float|int|bool|object|str|complex)	\b(np|numpy)\.(float|int|bool|object|str|complex)\b	\2
numpy\.(NaN|NAN)	\b(np|numpy)\.(NaN|NAN)\b	\1.nan
numpy\.(Inf|Infinity|infty|PINF)	\b(np|numpy)\.(Inf|Infinity|infty|PINF)\b	\1.inf
numpy\.float_	\b(np|numpy)\.float_\b	\1.float64
numpy\.product	\b(np|numpy)\.product\b	\1.prod
numpy\.in1d	\b(np|numpy)\.in1d\b	\1.isin
sklearn\.(cross_validation|grid_search|learning_curve)	\bsklearn\.(cross_validation|grid_search|learning_curve)\b	sklearn.model_selection
sklearn\.externals	from sklearn\.externals import joblib	import joblib
sklearn\.datasets\.samples_generator	sklearn\.datasets\.samples_generator	sklearn.datasets
pandas\.scatter_matrix	\b(pd|pandas)\.scatter_matrix\b	\1.plotting.scatter_matrix
pandas\.tools	pandas\.tools\.plotting	pandas.plotting
pandas\.io\.json\.json_normalize	from pandas\.io\.json import json_normalize	from pandas import json_normalize
pandas\.value_counts	\b(pd|pandas)\.value_counts\(	\1.Series.value_counts(
pandas\.DataFrame\.from_csv	\b(pd|pandas)\.DataFrame\.from_csv\(([^()]*)\)	\1.read_csv(\2, index_col=0, parse_dates=True)
\.iteritems	\.iteritems\(	.items(
\.as_matrix	\.as_matrix\(\)	.to_numpy()
\.applymap	\.applymap\(	.map(
\.weekday_name	\.weekday_name\b	.day_name()
\.sort\b	\.sort\((?!\))	.sort_values(
\.reindex_axis	\.reindex_axis\(	.reindex(
\.sortlevel	\.sortlevel\(	.sort_index(level=
\.get_feature_names	\.get_feature_names\(	.get_feature_names_out(
\(normed=	\bnormed\s*=	density=
\(sparse=	\bsparse\s*=	sparse_output=
\(sheetname=	\bsheetname\s*=	sheet_name=
\(line_terminator=	\bline_terminator\s*=	lineterminator=
\(null_counts=	\bnull_counts\s*=	show_counts=
\(axisbg=	\baxisbg\s*=	facecolor=
\(n_folds=	\bn_folds\s*=	n_splits=
\(base_estimator=	\bbase_estimator\s*=	estimator=
\(size=	\bsize\s*=	height=
\(shade=	\bshade\s*=	fill=
fillna\(method=	\.fillna\(method\s*=\s*['"](pad|ffill)['"]	.ffill(
fillna\(method=	\.fillna\(method\s*=\s*['"](backfill|bfill)['"]	.bfill(
"""
_TABLE = [tuple(line.split("\t")) for line in _CURES.strip().split("\n")]


def is_mechanical(what: str) -> bool:
    """Whether a cure is known for what a finding names."""
    return any(re.search(named, what) for named, _, _ in _TABLE)


def fixed_sources(notebook: Notebook, findings: Iterable[Finding]) -> dict[int, str]:
    """For each cell that a mechanical cure changes, its new source."""
    lines = {cell.index: cell.source.split("\n") for cell in notebook.code_cells}
    for finding in findings:
        if finding.symbol is not Smell.DEPRECATED_API or finding.cell not in lines:
            continue
        what, cell = finding.message.partition(" is ")[0], lines[finding.cell]
        place = slice(finding.line - 1, finding.end_line)
        text = "\n".join(cell[place])
        for named, old, new in _TABLE:
            text = re.sub(old, new, text) if re.search(named, what) else text
        cell[place] = text.split("\n")
    sources = {cell.index: cell.source for cell in notebook.code_cells}
    return {cell: text for cell, new in lines.items() if (text := "\n".join(new)) != sources[cell]}


def fixes_as_diff(notebook: Notebook, fixed: Mapping[int, str]) -> str:
    """The changed lines of each cell, in the form that every tool for diffs reads."""
    sources = {cell.index: cell.source for cell in notebook.code_cells}
    lines = [
        line
        for cell, text in sorted(fixed.items())
        for line in unified_diff(
            sources[cell].split("\n"),
            text.split("\n"),
            f"cell {cell}",
            f"cell {cell}, fixed",
            "",
            "",
            1,
            "",
        )
    ]
    return "\n".join(lines)
