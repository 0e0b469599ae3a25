"""Exceptions by which a library says that it does something in another way than before.

What a library *removed* is seen in the code (`nbkata.smells.core.deprecated`). These calls are still
there: only their message tells, and often it does not say that it was otherwise once. Sources: the
release notes of pandas 2.0, 2.1 and 3.0, NumPy 1.24, 1.25 and 2.0, scikit-learn 1.2 and 1.9, seaborn 0.12.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """``sign``: how the exception's text begins; ``beside``: what its line calls, if that matters."""

    sign: str
    what: str
    instead: str
    beside: str = ""


NOT_OF_ONE_COLUMN = r"^(?!.*[^\]]\]\.\w+\()"

CHANGES = (
    Change(
        r"TypeError: (Cannot perform reduction '\w+' with string dtype|Could not convert .* to numeric"
        r"|dtype '\w+' does not support operation|agg function failed \[how)"
        r"|DataError: (Cannot aggregate non-numeric type|No numeric types to aggregate)",
        "it computes a number from text ({said}). Until pandas 2.0, columns of text were left out.",
        "Write numeric_only=True into the call, or name the columns.",
        beside=NOT_OF_ONE_COLUMN,
    ),
    Change(
        r"ValueError: could not convert string to float|TypeError: unsupported operand type",
        "it computes a number from text ({said}). Until pandas 2.0, columns of text were left out.",
        "Write numeric_only=True into the call, or name the columns.",
        beside=NOT_OF_ONE_COLUMN + r".*\.(corr|cov|corrwith|quantile)\(",
    ),
    Change(
        r"TypeError: Invalid value .* for dtype",
        "{said}. Until pandas 3.0, the column took the type of the value.",
        "Give the column a type that fits both first: astype(float), or astype(object).",
    ),
    Change(
        r"ValueError: (assignment destination|output array) is read-only",
        "{said}. Since pandas 3.0, nobody can write into the array behind a column.",
        "Write to_numpy(copy=True) where the array is made.",
    ),
    Change(
        r"ValueError: (time data .* doesn't match format|unconverted data remains when parsing)",
        "{said}. Since pandas 2.0, a date has to match its format to the last blank.",
        "Write the format that the message's date has; .str.strip() takes blanks away before.",
        beside=r"to_datetime\(.*format=",
    ),
    Change(
        r"ValueError: (time data .* doesn't match format|unconverted data remains when parsing)",
        "{said}. Since pandas 2.0, all dates of a column have the format of its first one.",
        "Write format='mixed' (and dayfirst=True, if the day comes first), or the format itself.",
        beside=r"to_datetime\(|parse_dates",
    ),
    Change(
        r"ValueError: Cannot subset columns with a tuple",
        "{said}. Until pandas 2.0, a tuple of columns was allowed.",
        "Write two brackets: [['a', 'b']].",
    ),
    Change(
        r"TypeError: numpy boolean subtract",
        "{said}. Since pandas 2.0, get_dummies gives True and False.",
        "Write dtype=int into get_dummies.",
    ),
    Change(
        r"ValueError: setting an array element with a sequence\. The requested array has an inhomogeneous",
        "the lists have different lengths. Until NumPy 1.24, such an array was made of objects.",
        "Write dtype=object into the call.",
        beside=r"^(?!.*dtype)",
    ),
    Change(
        r"TypeError: only 0-dimensional arrays can be converted",
        "an array is no number; older versions took one with a single element (NumPy 1.25 warned).",
        "Take the element, .item(); or call NumPy's own function, which takes all of them.",
    ),
    Change(
        r"OverflowError: Python integer -?\d+ out of bounds",
        "{said}. Until NumPy 2.0, the type grew, or the number was cut to fit.",
        "Give the array a larger type first: astype(int).",
    ),
    Change(
        r"InvalidParameterError: ",
        "{said}. Since scikit-learn 1.2, each value is checked; an older version may have taken it.",
        "Write one of the values that the message names.",
    ),
    Change(
        r"TypeError: Feature names are only supported if all input features have string names",
        "some names of columns are numbers. Since scikit-learn 1.2, all have to be text.",
        "Write X.columns = X.columns.astype(str) before it.",
    ),
    Change(
        r"ValueError: The feature names should match those that were passed during fit",
        "{said}. Since scikit-learn 1.2, this stops the run.",
        "Give it the columns of fit, in that order: X[model.feature_names_in_].",
    ),
    Change(
        r"DuplicateError: Expected unique column names",
        "{said}. Since scikit-learn 1.9, each column needs a name of its own.",
        "Rename one of them; X.loc[:, ~X.columns.duplicated()] keeps the first of each name.",
    ),
    Change(
        r"TypeError: \w+plot\(\) takes from 0 to \d positional",
        "{said}. Since seaborn 0.12, the data are given by name.",
        "Write x=, y= and data= into the call.",
    ),
)
