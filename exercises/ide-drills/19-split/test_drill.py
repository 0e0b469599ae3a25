"""Drill 19: the test is beside the code, and says that the code is right."""


def test_the_tests_are_as_they_were(drill):
    drill.unchanged("test_is_alone.py", "The test is right; it is the code that has a mistake.")


def test_the_code_keeps_what_its_tests_promise(drill):
    tests = drill.load("test_is_alone.py")
    for name in sorted(vars(tests)):
        if name.startswith("test_"):
            drill.call(
                getattr(tests, name),
                mistake="A person is their own family of one. Read the first test, and the last line of the code.",
            )
