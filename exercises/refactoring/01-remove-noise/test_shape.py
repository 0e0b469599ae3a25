"""Step 01: nothing is shown any more, but the answer."""


def test_placeholder_until_noise_family_lands():
    raise AssertionError("not wired yet")
