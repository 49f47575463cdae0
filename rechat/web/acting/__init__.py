"""Actions of the page: what a reader changes or requests."""

from rechat.web.acting.bodies import NotUnderstoodError
from rechat.web.acting.bodies import text_in
from rechat.web.acting.resending import resend
from rechat.web.acting.sources import change_file
from rechat.web.acting.writing import write

__all__ = ["NotUnderstoodError", "change_file", "resend", "text_in", "write"]
