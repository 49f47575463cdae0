"""What varies and is named again: ids that later calls name, and answers moved to who asks."""

from rechat.matching.named.ids import Ids
from rechat.matching.named.ids import Named
from rechat.matching.named.ids import with_ids
from rechat.matching.named.moved import at_home

__all__ = ["Ids", "Named", "at_home", "with_ids"]
