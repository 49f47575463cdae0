"""Answers in the folder of the client."""

from rechat.matching.folders.moving import TEST_FOLDERS
from rechat.matching.folders.moving import moved
from rechat.matching.folders.moving import with_folders
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message

OF_TESTS = "/tmp/pytest-of-{}/pytest-{}/test_reads0"
OLD, NEW = OF_TESTS.format("ada", 7), OF_TESTS.format("me", 12)


def test_an_answer_moves_to_the_folder_of_the_client() -> None:
    said = Message("assistant", "In /srv/one.", (Call("ls", "1", '{"path":"/srv/one"}'),))
    answer = Answer((Choice(said),), {"id": "1"})
    there = moved(answer, "/srv/one", 'C:\\new "x"')
    assert isinstance(there, Answer)
    message = there.choices[0].message
    assert message.body == 'In C:\\new "x".'
    assert message.parts_of(Call)[0].arguments == '{"path":"C:\\\\new \\"x\\""}'
    assert moved(answer, "/srv/three", "/srv/two") is answer
    assert moved(answer, "", "/srv/two") is answer
    error = ErrorAnswer(400)
    assert moved(error, "/a", "/b") is error


def test_an_answer_moves_to_the_folder_of_the_test_that_asks() -> None:
    def said(*folders: str) -> Answer:
        calls = [Call("read", "1", f'{{"path":"{folder}/a.txt"}}') for folder in folders]
        return Answer((Choice(Message("assistant", f"In {folders}.", tuple(calls))),))

    def asked(*folders: str) -> list[Message]:
        return [Message("user", f"Compare {' and '.join(folders)}.")]

    root, there = OLD.removesuffix("/test_reads0"), NEW.removesuffix("/test_reads0")
    rules = [TEST_FOLDERS]
    assert with_folders(said(OLD), rules, asked(OLD), asked(NEW)) == said(NEW)
    assert with_folders(said(root, OLD), rules, asked(root, OLD), asked(there, NEW)) == said(
        there, NEW
    )
    assert with_folders(said(OLD), (), asked(OLD), asked(NEW)) == said(OLD)
    assert with_folders(said(OLD), rules, asked("/srv"), asked(NEW)) == said(OLD)
