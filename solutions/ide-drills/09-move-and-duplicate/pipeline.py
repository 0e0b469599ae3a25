"""The order of the steps, and the largest value that is believed."""

STEPS = [
    "read_passengers",
    "add_title",
    "fill_ages_by_title",
    "bin_ages",
    "add_is_alone",
    "drop_unread_columns",
]

LARGEST = [
    ("Age", 80),
    ("Fare", 512),
    ("SibSp", 8),
]
