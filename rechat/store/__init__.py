"""The folder on the disk: read, watched, checked and changed atomically."""

from rechat.store import placement
from rechat.store.atomic import make_folder
from rechat.store.atomic import put_back
from rechat.store.atomic import write_atomic
from rechat.store.atomic import write_new
from rechat.store.claims import Claims
from rechat.store.folder import Store
from rechat.store.known import Change
from rechat.store.known import NotInMemory
from rechat.store.known import Problem
from rechat.store.known import Saved
from rechat.store.known import content_of
from rechat.store.lint import Finding
from rechat.store.lint import ReadFile
from rechat.store.lint import lint
from rechat.store.merging.join import Joined
from rechat.store.merging.join import join
from rechat.store.paths import NOT_CHECKED_OUT
from rechat.store.paths import assets_in
from rechat.store.paths import check_checked_out
from rechat.store.paths import misnamed_in
from rechat.store.paths import missing_submodules_in
from rechat.store.paths import transcripts_in
from rechat.store.placement import Ask
from rechat.store.placement import NewFile
from rechat.store.placement import Recording
from rechat.store.placement import Say
from rechat.store.placement import is_worth_saving
from rechat.store.protection import protect
from rechat.store.rewriting import Rewrite
from rechat.store.rewriting import put_in_place
from rechat.store.thread import StoreThread
from rechat.store.tidying.checking import check_text
from rechat.store.tidying.checking import read_text
from rechat.store.tidying.formatting import format_all
from rechat.store.tidying.leftovers import leftovers
from rechat.store.tidying.linting import lint_files
from rechat.store.tidying.pieces import Pieces
from rechat.store.watching import Watch

__all__ = [
    "NOT_CHECKED_OUT",
    "Ask",
    "Change",
    "Claims",
    "Finding",
    "Joined",
    "NewFile",
    "NotInMemory",
    "Pieces",
    "Problem",
    "ReadFile",
    "Recording",
    "Rewrite",
    "Saved",
    "Say",
    "Store",
    "StoreThread",
    "Watch",
    "assets_in",
    "check_checked_out",
    "check_text",
    "content_of",
    "format_all",
    "is_worth_saving",
    "join",
    "leftovers",
    "lint",
    "lint_files",
    "make_folder",
    "misnamed_in",
    "missing_submodules_in",
    "placement",
    "protect",
    "put_back",
    "put_in_place",
    "read_text",
    "transcripts_in",
    "write_atomic",
    "write_new",
]
