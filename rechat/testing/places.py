"""Where the transcript of a test is: one file for each test, beside the module that it is in.

`tests/test_chat.py::TestPlan::test_it[gpt-5]` has `tests/transcripts/test_chat/
TestPlan.test_it[gpt-5].md`.
"""

import hashlib
import re
from pathlib import Path

FOLDER = "transcripts"
# The characters that every file system allows; a name of this length leaves room for its folders.
_ODD = re.compile(r"[^\w.\[\]=,-]+", re.ASCII)
_MOST = 100


def node_in(root: Path, rootdir: Path, node: str) -> str:
    """The node id of a test as seen from `root`, where the settings are. Editors pass another
    `--rootdir`, to which pytest's node ids are relative; transcripts stay where they are.
    """
    module, separator, rest = node.partition("::")
    path = rootdir / module
    if root == rootdir or not path.is_relative_to(root):
        return node
    return f"{path.relative_to(root).as_posix()}{separator}{rest}"


def file_of(node: str, folder: str = "") -> str:
    """The path of a test's transcript, by the test's node id. `folder` is the one for all tests;
    the default is a folder beside each module.
    """
    module, _, rest = node.partition("::")
    above, _, name = module.rpartition("/")
    stem = name.removesuffix(".py")
    parts = [folder, above] if folder else [above, FOLDER]
    return "/".join([*filter(None, parts), stem, f"{file_name(rest)}.md"])


def folder_of(module: str, folder: str = "") -> str:
    """The folder of the transcripts of a module's tests."""
    return file_of(f"{module}::x", folder).rpartition("/")[0]


def file_name(test: str) -> str:
    """The name of a test as a file name, without its extension. Invalid characters are replaced,
    and a digest keeps names distinct that would then be equal.
    """
    plain = test.replace("::", ".")
    name = _ODD.sub("-", plain)
    if name == plain and len(name) <= _MOST and name.strip(".") == name:
        return name
    digest = hashlib.sha256(test.encode()).hexdigest()[:6]
    return f"{name[:_MOST].strip('.')}-{digest}"
