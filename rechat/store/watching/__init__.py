"""Which files changed on the disk: reported by the system where possible, else found by polling."""

from rechat.store.watching.watch import Watch

__all__ = ["Watch"]
