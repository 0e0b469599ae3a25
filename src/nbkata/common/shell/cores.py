"""How many processors this process may use, and how another one is kept to a single one.

By variables, and not by affinity: all systems and containers know them, and nobody has to agree with
others on the same machine on who takes which processor.
"""

import os
import sys

# Read by Python itself from 3.13 on, and by `cores`.
COUNT = "PYTHON_CPU_COUNT"
# For BLAS and OpenMP, joblib, and what the kit would do side by side.
ONE_CORE = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
        *("NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "LOKY_MAX_CPU_COUNT", COUNT),
    ),
    "1",
)


def cores() -> int:
    """Return how many there are for this process: as many parts of its work may run side by side."""
    said = os.environ.get(COUNT, "")
    if said.isdecimal() and int(said):
        return int(said)
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
