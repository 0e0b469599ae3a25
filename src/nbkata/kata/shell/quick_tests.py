"""`python -m nbkata.kata.shell.quick_tests`: the learner's tests until one fails, as a git hook runs them.

Where there are no tests yet, all is well: the first steps of the kata have none.
"""

import subprocess
import sys

PLUGINS_OFF = ("-p", "no:nbval", "-p", "no:cacheprovider")  # nbval alone takes 2 s to load
# What pytest exits with where it found none.
NO_TESTS = 5


def main() -> int:
    """Run them in the current folder. Returns pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "--exitfirst", "--no-header", *PLUGINS_OFF]
    code = subprocess.run(command, check=False).returncode
    return 0 if code == NO_TESTS else code


if __name__ == "__main__":
    sys.exit(main())
