"""The folder on the disk: read, watched, checked and changed atomically."""

from rechat.store import placement
from rechat.store.folder import Change, NotInMemory, Problem, Store
from rechat.store.lint import Finding, lint
from rechat.store.placement import NewFile, Recording, is_worth_saving
from rechat.store.thread import StoreThread
from rechat.store.watch import Watch

__all__ = [
    "Change",
    "Finding",
    "NewFile",
    "NotInMemory",
    "Problem",
    "Recording",
    "Store",
    "StoreThread",
    "Watch",
    "is_worth_saving",
    "lint",
    "placement",
]
