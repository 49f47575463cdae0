"""Load shapes, and measurements of the answers."""

from rechat.resend.load.goals import WANTED
from rechat.resend.load.goals import Goals
from rechat.resend.load.goals import Reached
from rechat.resend.load.goals import parse_goals
from rechat.resend.load.goals import reached
from rechat.resend.load.limit import LimitSearch
from rechat.resend.load.shape import Load
from rechat.resend.load.shape import dues
from rechat.resend.load.shape import parse_loads
from rechat.resend.load.statistics import PERCENTILES
from rechat.resend.load.statistics import Measured
from rechat.resend.load.statistics import Spread
from rechat.resend.load.statistics import gaps
from rechat.resend.load.statistics import measure
from rechat.resend.load.statistics import spread

__all__ = [
    "PERCENTILES",
    "WANTED",
    "Goals",
    "LimitSearch",
    "Load",
    "Measured",
    "Reached",
    "Spread",
    "dues",
    "gaps",
    "measure",
    "parse_goals",
    "parse_loads",
    "reached",
    "spread",
]
