"""Answer for one passenger."""

import ages


class Form:
    """What a person typed in."""

    def __init__(self, fields: dict) -> None:
        self.fields = fields

    def fill_age(self, text: str) -> None:
        """Take over what was typed."""
        self.fields["Age"] = float(text)


def answer_for(form: Form, mean: float) -> dict:
    """The row for the model."""
    return ages.fill_age(form.fields, mean)


def typed(form: Form, text: str) -> dict:
    """The fields, with an age."""
    form.fill_age(text)
    return form.fields
