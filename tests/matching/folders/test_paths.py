"""Where a folder stands in a text, and where only its letters do."""

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from rechat.matching.folders import dashed
from rechat.matching.folders import is_root
from rechat.matching.folders import replacer

WHOLE = [
    "/app",
    "/app/",
    "cat /app/x.log",
    "In /app.",
    "/app, /app; /app: (/app) [/app] '/app' \"/app\" `/app`",
    "PATH=/bin:/app:/usr/bin",
    "--dir=/app",
    "host:/app",
    "file:///app/x and file://localhost/app",
    "gcc -I/app/include",
    "<cwd>/app</cwd>",
    "wc </app/x >/app/y",
    r'{"cmd":"cd x\n/app/y\t/app","a":"\"/app\""}',
    "me@host:/app$ ls",
    "**/app/x.py**",
    "“/app”",
]
PART = [
    "/application.log",
    "/apps/app",
    "/app2 /app-2 /app_2 /app.log /app..x /app+x /app@2 /app%20x /app~ /appé",
    "/var/app ./app ../app ~/app a/app a-/app é/app",
    "$HOME/app ${HOME}/app $(pwd)/app %CD%/app",
    "https://app and https://example.com/app",
    "C:/app",
    "<app></app>",
    "src/*/app and src/**/app",
    r"/app\ two /app\\ two",
    "/app$X /app${X} /app{1,2} /app*",
    "//app",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_folder_is_replaced_where_it_is_a_path(text: str) -> None:
    assert replacer("/app", "/home/me/work")(text) == text.replace("/app", "/home/me/work")


@pytest.mark.parametrize("text", PART)
def test_the_same_letters_in_another_path_stay(text: str) -> None:
    assert replacer("/app", "/home/me/work")(text) == text


def test_a_folder_of_windows_is_replaced_as_any_other() -> None:
    moved = replacer(r"C:\work", "/app")
    assert moved(r"C:\work\x C:\work2 XC:\work 'C:\work'") == r"/app\x C:\work2 XC:\work '/app'"
    assert replacer(r"C:\\work", "/app")(r'{"a":"C:\\work\\x\nC:\\work"}') == (
        r'{"a":"/app\\x\n/app"}'
    )


def test_no_slash_is_put_in_twice() -> None:
    assert replacer("/app", "/")("/app/x /app") == "/x /"
    assert replacer("C:\\app", "D:\\")("C:\\app\\x C:\\app") == "D:\\x D:\\"


@pytest.mark.parametrize("folder", ["", "/", "//", "C:\\", "C:"])
def test_a_root_is_one(folder: str) -> None:
    assert is_root(folder)
    assert not is_root(f"{folder}/x")


def test_a_folder_in_one_name_is_a_name_of_its_own() -> None:
    found = dashed("/app/a.b").sub(
        "X", "~/x/-app-a-b/y /-app-a-b-c/ my-app-a-b -app-a-b /-app-a-b.x"
    )
    assert found == "~/x/X/y /-app-a-b-c/ my-app-a-b -app-a-b /-app-a-b.x"


NAMES = st.text("abI", min_size=1, max_size=2) | st.sampled_from(["a.b", "a-b", "é", "n"])
FOLDERS = st.builds(
    "/{}".format, st.lists(NAMES, min_size=1, max_size=3).map("/".join)
) | st.builds("C:\\{}".format, st.lists(NAMES, min_size=1, max_size=2).map("\\".join))
BETWEEN = st.sampled_from(
    [*" \n\"'()[]{}<>:=,.;-/\\$*~a@", "file://", " -I", r"\n", "C:", "**", ". "]
)


@given(FOLDERS, FOLDERS, st.data())
def test_there_and_back_is_the_original(old: str, new: str, data: st.DataObject) -> None:
    pieces = st.lists(BETWEEN | FOLDERS | st.just(old), max_size=8)
    text = data.draw(pieces.map("".join))
    assume(new not in text and new not in old)
    assert replacer(new, old)(replacer(old, new)(text)) == text


@given(FOLDERS, st.lists(FOLDERS, max_size=5), st.sampled_from([" ", "\n", '"', ", ", ":"]))
def test_other_paths_stay(folder: str, others: list[str], between: str) -> None:
    kept = [path for path in others if not f"{path}/".startswith((f"{folder}/", f"{folder}\\"))]
    text = between.join(kept)
    assert replacer(folder, "/new")(text) == text
