"""The folder on the disk: read, watched, checked and changed atomically."""

from rechat.store import placement
from rechat.store.folder import Change, Problem, Store
from rechat.store.lint import Finding, lint
from rechat.store.placement import NewFile, Recording, is_worth_saving
from rechat.store.watch import Watch

__all__ = [
    "Change",
    "Finding",
    "NewFile",
    "Problem",
    "Recording",
    "Store",
    "Watch",
    "is_worth_saving",
    "lint",
    "placement",
]
