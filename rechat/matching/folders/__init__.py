"""Folders in texts: where one stands, and which one a conversation works in."""

from rechat.matching.folders.moving import CWD
from rechat.matching.folders.moving import HOME
from rechat.matching.folders.moving import TEST_FOLDERS
from rechat.matching.folders.moving import with_folders
from rechat.matching.folders.of_tests import folder_of_tests
from rechat.matching.folders.of_tests import folders_of_tests
from rechat.matching.folders.paths import AGENTS
from rechat.matching.folders.paths import NAME
from rechat.matching.folders.paths import START
from rechat.matching.folders.paths import dashed
from rechat.matching.folders.paths import is_root
from rechat.matching.folders.paths import quoted
from rechat.matching.folders.paths import replacer
from rechat.matching.folders.told import Told
from rechat.matching.folders.told import folder_of
from rechat.matching.folders.told import home_of
from rechat.matching.folders.told import home_told

__all__ = [
    "AGENTS",
    "CWD",
    "HOME",
    "NAME",
    "START",
    "TEST_FOLDERS",
    "Told",
    "dashed",
    "folder_of",
    "folder_of_tests",
    "folders_of_tests",
    "home_of",
    "home_told",
    "is_root",
    "quoted",
    "replacer",
    "with_folders",
]
