from pathlib import Path

import pandas as pd
import pytest

from train import train

DATA = Path(__file__).parents[1] / "data" / "titanic.csv"
