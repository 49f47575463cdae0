"""Conversations that continue with the new answers in place of the recorded ones.

1. A question follows the previous one in its section if its messages begin with those of that one.
   Questions that follow each other are one conversation.
2. The new answer replaces the recorded one, and the next messages of the person or tool are as
   recorded.
3. Tools are never run, so a result is only right for the recorded call. A conversation ends where a
   call differs, or where there is no answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace

from rechat.dialects import portable
from rechat.resend.asking import Asked
from rechat.resend.asking import ask_in
from rechat.resend.client import Exchanged
from rechat.resend.judging.verdict import judge
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.results.answers import with_recorded_ids
from rechat.resend.results.result import Result
from rechat.resend.results.result import read_exchange
from rechat.resend.sending.keeping import Job
from rechat.resend.target import Target
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Message

type Answers = Mapping[tuple[str, str, int], Result]
"""The results by question, its key, and its take."""

type MakeJob = Callable[[Asked, int], Job]
"""Makes what is sent for a question and its take."""


def conversations(questions: Iterable[Question]) -> Iterator[tuple[Question, ...]]:
    """The questions that follow each other, those of a section in the order of their turns."""
    sections: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        sections.setdefault((question.file, question.section.title), []).append(question)
    for own in sections.values():
        found: list[Question] = []
        for question in sorted(own, key=lambda one: one.turn):
            if found and not _follows(question, found[-1]):
                yield tuple(found)
                found = []
            found.append(question)
        yield tuple(found)


def _follows(question: Question, before: Question) -> bool:
    messages, earlier = question.request.messages, before.request.messages
    return len(messages) > len(earlier) and messages[: len(earlier)] == earlier


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with a target: its recorded questions, and its position. `history` is the
    conversation before the question `turn`, `earlier` the recorded one.
    """

    target: Target
    questions: Sequence[Question]
    turn: int = 0
    history: tuple[Message, ...] = ()
    earlier: int = 0

    @property
    def recorded(self) -> Question:
        """The recorded question of this turn."""
        return self.questions[self.turn]

    def asked(self) -> Asked | Unasked:
        """The question of this turn with the new history."""
        question = self.recorded
        messages = (*self.history, *question.request.messages[self.earlier :])
        now = replace(question, request=replace(question.request, messages=messages))
        found = ask_in(now, self.target)
        return replace(found, question=question) if isinstance(found, Asked) else found

    def after(self, answer: AnyAnswer | None) -> "Talk | Unasked | None":
        """The conversation at its next turn; the reason if it ends early, or None if it is
        complete.
        """
        if self.turn + 1 == len(self.questions):
            return None
        following = self.questions[self.turn + 1]
        if not isinstance(answer, Answer):
            return Unasked(following.name, "there is no answer to the question before it")
        findings = judge(self.recorded.recorded, answer).findings
        calls = [one.told for one in findings if one.kind == "call"]
        if calls:
            told = f"tools are not run, and at {self.recorded.place} {calls[0]}"
            return Unasked(following.name, told)
        said = answer if self.is_in_its_api else portable(answer)
        kept = with_recorded_ids(said, self.recorded.recorded)
        asked = self.recorded.request.messages
        history = (*self.history, *asked[self.earlier :], _message(kept))
        return replace(self, turn=self.turn + 1, history=history, earlier=len(asked) + 1)

    @property
    def is_in_its_api(self) -> bool:
        """Whether the target speaks the API in which the conversation was recorded."""
        return self.target.api in ("", self.recorded.request.api)


def _message(answer: AnyAnswer) -> Message:
    assert isinstance(answer, Answer)
    return answer.choices[0].message if answer.choices else Message("assistant", "")


def live_jobs(
    target: Target,
    questions: Iterable[Question],
    takes: Iterable[int],
    done: Answers,
    make: MakeJob,
) -> Iterator[Job]:
    """The first question of each conversation that has no answer yet; each job yields the
    next one.
    """
    whole = [*conversations(questions)]
    for take in takes:
        for talk in whole:
            reached = _reached(Talk(target, talk), take, done)
            if isinstance(reached, Talk) and (job := _job(reached, take, make)):
                yield job


def left_out(
    target: Target, questions: Iterable[Question], takes: Iterable[int], done: Answers
) -> Iterator[Unasked]:
    """The questions that were not asked because their conversation had ended before, and why."""
    whole = [*conversations(questions)]
    told: set[str] = set()
    for take in takes:
        for talk in whole:
            reached = _reached(Talk(target, talk), take, done)
            if isinstance(reached, Unasked) and reached.name not in told:
                told.add(reached.name)
                yield reached


def _reached(talk: Talk, take: int, done: Answers) -> Talk | Unasked | None:
    """The position of a conversation, according to the stored answers."""
    now: Talk | Unasked | None = talk
    while isinstance(now, Talk):
        found = done.get((now.recorded.name, now.recorded.key, take))
        if not found or not found.is_answered:
            return now
        now = now.after(found.answer)
    return now


def _job(talk: Talk, take: int, make: MakeJob) -> Job | None:
    asked = talk.asked()
    if isinstance(asked, Unasked):
        return None

    def following(found: Exchanged) -> Job | None:
        answer, _ = read_exchange(found, asked.request.api)
        then = talk.after(answer)
        return _job(then, take, make) if isinstance(then, Talk) else None

    return replace(make(asked, take), following=following)
