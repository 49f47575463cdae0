"""Where real bodies and requests are kept: beside the checkout, and no part of it."""

from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"
