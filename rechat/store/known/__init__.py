"""What is known of the files of a folder: in memory, and from one start to the next."""

from rechat.store.known import index_file
from rechat.store.known import kept
from rechat.store.known import linked
from rechat.store.known.files import LARGEST
from rechat.store.known.files import Change
from rechat.store.known.files import Known
from rechat.store.known.files import KnownFiles
from rechat.store.known.files import NotInMemory
from rechat.store.known.files import Problem
from rechat.store.known.files import Saved
from rechat.store.known.files import content_of
from rechat.store.known.files import digest_of
from rechat.store.known.files import is_current
from rechat.store.known.files import seen_now
from rechat.store.known.files import stamp_if_any
from rechat.store.known.files import telling
from rechat.store.known.index_file import ABSENT
from rechat.store.known.index_file import Link
from rechat.store.known.index_file import Stamp
from rechat.store.known.news import News
from rechat.store.known.versions import Versions

__all__ = [
    "ABSENT",
    "LARGEST",
    "Change",
    "Known",
    "KnownFiles",
    "Link",
    "News",
    "NotInMemory",
    "Problem",
    "Saved",
    "Stamp",
    "Versions",
    "content_of",
    "digest_of",
    "index_file",
    "is_current",
    "kept",
    "linked",
    "seen_now",
    "stamp_if_any",
    "telling",
]
