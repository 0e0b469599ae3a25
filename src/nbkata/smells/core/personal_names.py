"""Columns that by their name hold what says who somebody is."""

import re

SURE_COLUMN = re.compile(
    r"(first|last|full|sur|given|family|maiden|customer|client|patient|passenger|employee|person"
    r"|user|student|contact)[ _]?names?|surname|e[-_ ]?mail([ _]?address)?|phone([ _]?(no|number))?"
    r"|telephone|mobile([ _]?(no|number))?|ssn|social[ _]security([ _](no|number))?|iban|passport"
    r"([ _]?(no|number))?|date[ _]of[ _]birth|birth[ _]?date|dob|home[ _]address|street[ _]address",
    re.IGNORECASE,
)
NAME_COLUMN = re.compile(r"names?", re.IGNORECASE)


def is_personal_name(column: str) -> bool:
    """Whether a column of this name is masked wherever values are shown."""
    return bool(SURE_COLUMN.fullmatch(column) or NAME_COLUMN.fullmatch(column))
