"""Answers that name the folder they were recorded in, for those who ask in another one."""

from collections.abc import Callable, Container, Sequence

from rechat.matching.folders.of_tests import folders_of_tests
from rechat.matching.folders.paths import dashed
from rechat.matching.folders.paths import is_root
from rechat.matching.folders.paths import quoted
from rechat.matching.folders.paths import replacer
from rechat.matching.folders.paths import with_dashes
from rechat.matching.folders.told import folder_of
from rechat.matching.folders.told import home_told
from rechat.matching.folders.told import workspace_told
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Message
from rechat.values import in_answer

CWD = "cwd"
"""The rule by which the folder that a program works in does not count."""

HOME = "home"
"""The rule by which the home of the user of an agent does not count."""

TEST_FOLDERS = "test-folders"
"""The rule that counts in what a person says too: nobody writes such a path by hand."""


def with_folders(
    answer: AnyAnswer,
    rules: Container[str],
    recorded: Sequence[Message],
    asked: Sequence[Message],
) -> AnyAnswer:
    """The answer with the folders of those who ask in the place of those that it was recorded with,
    where these rules let them differ; the very same answer if it names none.
    """
    if CWD in rules:
        old, new = folder_of(recorded), folder_of(asked)
        answer = moved(answer, old, new)
        if HOME in rules and _names_hidden_folder(answer):
            answer = moved(answer, workspace_told(recorded), workspace_told(asked))
            answer = moved(answer, home_told(recorded, old), home_told(asked, new))
    if TEST_FOLDERS in rules and _names_folder_of_test(answer):
        pairs = zip(folders_of_tests(recorded), folders_of_tests(asked), strict=False)
        # A folder may lie in another one.
        for old, new in sorted(pairs, key=lambda pair: len(pair[0]), reverse=True):
            answer = moved(answer, old, new)
    return answer


def moved(answer: AnyAnswer, old: str, new: str) -> AnyAnswer:
    """The answer with another folder in the place of the one it was recorded in; the very same
    answer if it does not name that.
    """
    if not new or is_root(old) or old == new:
        return answer
    in_text = _replacer(replacer(old, new), old, new)
    in_json = _replacer(replacer(quoted(old), quoted(new)), old, new)
    changed = in_answer(answer, in_text, in_json)
    return answer if changed == answer else changed


def _replacer(path: Callable[[str], str], old: str, new: str) -> Callable[[str], str]:
    """The same, and where it is one name with dashes for slashes."""
    dashes, name = dashed(old), with_dashes(new)
    return lambda text: dashes.sub(name, path(text))


def _names_hidden_folder(answer: AnyAnswer) -> bool:
    """Whether an answer names one, as those are in which agents keep what they know."""
    said = (choice.message for choice in answer.choices) if isinstance(answer, Answer) else ()
    return any(
        "/." in text
        for message in said
        for text in (message.text, *(call.arguments for call in message.parts_of(Call)))
    )


def _names_folder_of_test(answer: AnyAnswer) -> bool:
    """Whether an answer names one, which few do: the conversations need not be searched."""
    said = answer.choices if isinstance(answer, Answer) else ()
    return bool(folders_of_tests(choice.message for choice in said))
