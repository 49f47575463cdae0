"""The temporary folders that pytest makes."""

import pytest

from rechat.matching.folders.of_tests import folder_of_tests
from rechat.matching.folders.of_tests import folders_of_tests
from rechat.values.conversation import Call
from rechat.values.conversation import Message


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Read /tmp/pytest-of-me/pytest-7/test_reads0/a.txt.", "Read T/a.txt."),
        ("Read /tmp/pytest-of-me/pytest-17/test_reads_a_file_that_is_lon2", "Read T"),
        ("In /tmp/pytest-of-me/pytest-7.", "In T."),
        ("In /tmp/pytest-of-me/pytest-7/popen-gw1/test_a0: x", "In T: x"),
        ("In /private/var/folders/x_/y/T/pytest-of-me/pytest-7/data0/x", "In T/data0/x"),
        ("`/home/me/tmp/pytest-of-a.b/pytest-7/test_a0`", "`T`"),
        (r"In C:\Users\me\Temp\pytest-of-me\pytest-7\test_a0\b.txt", r"In T\b.txt"),
        (r'{"path":"C:\\Temp\\pytest-of-me\\pytest-7\\test_a0\\b.txt"}', r'{"path":"T\\b.txt"}'),
        (r"cd\n/tmp/pytest-of-me/pytest-7\nls", r"cd\nT\nls"),
        ("/tmp/pytest-of-me/pytest-7/test_a0.txt", "T/test_a0.txt"),
        ("/tmp/pytest-of-me/pytest-7a/x", "/tmp/pytest-of-me/pytest-7a/x"),
        ("https://tmp/pytest-of-me/pytest-7", "https://tmp/pytest-of-me/pytest-7"),
        ("/tmp/pytest-of-me/notes", "/tmp/pytest-of-me/notes"),
    ],
)
def test_a_folder_ends_with_that_of_the_test(text: str, without: str) -> None:
    assert folder_of_tests().sub("T", text) == without


def test_a_conversation_names_folders_in_its_order_also_in_arguments_of_calls() -> None:
    arguments = r'{"path":"C:\\T\\pytest-of-me\\pytest-7\\test_a0\\b"}'
    messages = [
        Message("user", "In /tmp/pytest-of-me/pytest-7/test_b0, /tmp/pytest-of-me/pytest-7/x0"),
        Message("assistant", "In /tmp/pytest-of-me/pytest-7/test_b0", (Call("f", "1", arguments),)),
    ]
    assert folders_of_tests(messages) == (
        "/tmp/pytest-of-me/pytest-7/test_b0",
        "/tmp/pytest-of-me/pytest-7",
        r"C:\T\pytest-of-me\pytest-7\test_a0",
    )


def test_of_many_folders_the_first_are_told() -> None:
    text = " ".join(f"/tmp/pytest-of-me/pytest-{number}" for number in range(1000))
    assert len(folders_of_tests([Message("user", text)])) == 20
