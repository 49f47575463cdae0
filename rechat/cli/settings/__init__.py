"""Settings: defaults of options in files and the environment."""

from rechat.cli.settings.tables import normalise_own
from rechat.cli.settings.tables import own_rules
from rechat.cli.settings.tables import prices
from rechat.cli.settings.tables import redact_own
from rechat.cli.settings.tables import upstreams

__all__ = ["normalise_own", "own_rules", "prices", "redact_own", "upstreams"]
