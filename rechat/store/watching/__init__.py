"""Which files changed on the disk: told by the system where it can, else found by looking."""

from rechat.store.watching.watch import Watch

__all__ = ["Watch"]
