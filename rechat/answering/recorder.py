"""Reads the answers of upstreams, saves them, and makes their journal entries. All of this runs on
the store's thread.
"""

import html
import time
from collections.abc import Callable

from rechat.answering.outcome import Sent
from rechat.answering.outcome import since
from rechat.answering.outcome import with_wire
from rechat.observe import JournalEntry
from rechat.observe import Verdict
from rechat.store import Recording
from rechat.store import Store
from rechat.store import is_worth_saving
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import ErrorAnswer
from rechat.values import HttpResponse
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import day_at
from rechat.values import disk_reason
from rechat.values import reason_of
from rechat.values import redact_text
from rechat.values import secrets_in


class Recorder:
    """Saves into a store, in place of what is there if it `replaces`, up to so many takes; `tell`
    hears where. What is there and says the same stays, unless it is more than `max_age` seconds
    old.
    """

    def __init__(
        self,
        store: Store,
        tell: Callable[[str], None],
        *,
        replaces: bool,
        takes: int,
        max_age: float | None = None,
    ) -> None:
        self._store = store
        self._tell = tell
        self._replaces = replaces
        self._takes = takes
        self._max_age = max_age
        self.trouble = ""
        """What kept the last answer from the disk; empty if nothing did."""

    def take_in(
        self,
        sent: Sent,
        receive: Callable[[], HttpResponse],
        *,
        is_upgrade: bool,
        upstream: str = "",
    ) -> tuple[JournalEntry, AnyAnswer | None]:
        """The journal entry for an answer, and the answer if it could be read."""
        answer: AnyAnswer | None = None
        try:
            response = receive()
            if is_upgrade or not (sent.dialect and sent.request):
                entry = _forwarded(sent, "forwarded", reason=sent.reason, response=response)
                return entry, None
            received = sent.dialect.read_answer(response, asked=sent.request)
            answer = received.answer
            if not sent.saves:
                return _forwarded(sent, "forwarded", answer, response=response), answer
            wire = response if received.is_verbatim and not _has_secrets(answer, response) else None
            place, reason = self._save(sent, sent.request, answer, wire, upstream)
        except OSError as error:
            self.trouble = disk_reason(error)
            return failed(sent, self.trouble), answer
        except (RechatError, ValueError, RecursionError) as error:
            return failed(sent, redact_text(str(error))), answer
        except Exception as error:  # noqa: BLE001  # the client has the answer; the journal tells
            return failed(sent, reason_of(error)), answer
        if place:
            self.trouble = ""
        verdict: Verdict = "recorded" if place else "forwarded"
        return _forwarded(sent, verdict, answer, place, reason, response), answer

    def _save(
        self,
        sent: Sent,
        request: Request,
        answer: AnyAnswer,
        wire: HttpResponse | None,
        upstream: str,
    ) -> tuple[str, str]:
        """Where the answer was saved, or why it was not."""
        if not is_worth_saving(answer):
            status = answer.status if isinstance(answer, ErrorAnswer) else ""
            return "", f"not saved: status {status} may pass"
        took = f"{since(sent.asked.started):.0f} ms"
        note = f"{took} · {html.escape(upstream)}" if upstream else took
        now = time.time()
        renews = 0.0 if self._max_age is None else now - self._max_age
        recording = Recording(request, answer, note, wire, day_at(now), renews)
        saved = self._store.save(recording, replaces=self._replaces, takes=self._takes)
        if not saved:
            return "", "the transcripts say the same"
        self._tell(saved.place)
        return saved.place, f"saved without its bytes: {saved.lost}" if saved.lost else ""


def _has_secrets(answer: AnyAnswer, response: HttpResponse) -> bool:
    """Whether a secret stands where no dialect reads: in a comment of a stream. Bytes are kept as
    they are.
    """
    return not isinstance(answer, BinaryAnswer) and bool(
        secrets_in(response.body.decode("utf-8", "replace"))
    )


def failed(sent: Sent, reason: str) -> JournalEntry:
    """The journal entry for an answer that is incomplete or cannot be read."""
    prefix = "not saved: " if sent.saves else ""
    return _forwarded(sent, "failed", reason=prefix + reason)


def _forwarded(
    sent: Sent,
    verdict: Verdict,
    answer: AnyAnswer | None = None,
    place: str = "",
    reason: str = "",
    response: HttpResponse | None = None,
) -> JournalEntry:
    entry = JournalEntry(
        verdict,
        sent.asked.http.target,
        sent.request,
        answer,
        place,
        reason=reason,
        milliseconds=since(sent.asked.started),
    )
    return with_wire(entry, sent.asked, response)
