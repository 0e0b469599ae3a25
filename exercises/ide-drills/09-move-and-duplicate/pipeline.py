"""The order of the steps, and the largest value that is believed."""

STEPS = [
    "read_passengers",
    "add_title",
    "bin_ages",
    "add_is_alone",
    "fill_ages_by_title",
    "drop_unread_columns",
]

LARGEST = [
    ("Age", 80),
    ("SibSp", 8),
]
