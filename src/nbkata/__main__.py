"""`python -m nbkata` is `nbkata`."""

import sys

from nbkata.cli import main

sys.exit(main())
