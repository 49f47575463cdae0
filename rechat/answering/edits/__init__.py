"""What people change in the transcripts while they are served."""

from rechat.answering.edits.accepting import ACCEPTED
from rechat.answering.edits.accepting import Acceptance
from rechat.answering.edits.edited_answer import ConflictError
from rechat.answering.edits.edited_answer import EditedText
from rechat.answering.edits.edited_answer import text_of
from rechat.answering.edits.edits import Edits
from rechat.answering.edits.edits import write_answer
from rechat.answering.edits.new_question import accept
from rechat.answering.edits.promotion import Promoted
from rechat.answering.edits.whole_file import known_path

__all__ = [
    "ACCEPTED",
    "Acceptance",
    "ConflictError",
    "EditedText",
    "Edits",
    "Promoted",
    "accept",
    "known_path",
    "text_of",
    "write_answer",
]
