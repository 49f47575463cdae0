"""Asks one question once, outside of any run, for the page: the new answer of an upstream, compared
with the recorded one.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from time import perf_counter
from typing import Any

from rechat.dialects import CONVERSATION
from rechat.dialects import PREVIOUS
from rechat.resend.asking import Asked
from rechat.resend.asking import ask_in
from rechat.resend.asking import outgoing
from rechat.resend.client import Client
from rechat.resend.client import Exchanged
from rechat.resend.judging.verdict import NAMES
from rechat.resend.judging.verdict import Verdict
from rechat.resend.judging.verdict import judge
from rechat.resend.questions.question import TALKING
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.results.result import Result
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.resend.sending.keys import key_of
from rechat.resend.target import Target
from rechat.resend.target import parse_target
from rechat.values import AnyAnswer
from rechat.values import OuterProxies
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import Section

# The timeout of an answer in seconds.
_TIMEOUT = 180.0


@dataclass(frozen=True, slots=True)
class Once:
    """The outcome of a question. `kind` says in a few words how the answer compares with the
    recorded one, `told` lists the differences; both are empty if nothing is recorded.
    """

    result: Result
    kind: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question that is ready to be asked. `unsaid` names what the target's API cannot express."""

    target: Target
    unsaid: tuple[str, ...]
    recorded: AnyAnswer | None
    job: Job
    proxies: OuterProxies

    async def ask(self) -> Exchanged:
        """Its outcome; never raises."""
        client = Client(_TIMEOUT, proxies=self.proxies)
        try:
            return await client.exchange(self.job.outgoing)
        finally:
            await client.close()

    def compare(self, found: Exchanged) -> Once:
        """The outcome, compared with the recorded answers."""
        result = Done(self.job, found, perf_counter(), None, 1, 0.0).raw.read()
        if self.recorded is None:
            return Once(result)
        verdict: Verdict = judge([self.recorded], result.answer, result.failure)
        told = tuple(finding.told for finding in verdict.findings)
        return Once(result, NAMES[verdict.kind], told)


def inquiry_of(
    request: Request,
    recorded: AnyAnswer | None,
    upstream: Mapping[str, Any],
    model: str = "",
    api: str = "",
) -> Inquiry:
    """The question of a request for an upstream (its `name` and `url`, and `rename` and `key_env`
    if it has them), with another `model` or in another `api` if they are given. Raises
    `RechatError` if it cannot be asked there, `UsageError` if its key is missing.
    """
    if request.api not in TALKING:
        raise RechatError(f"nobody is asked for words in the API {request.api}")
    more = {"api": api, "key_env": str(upstream.get("key_env") or "")}
    spec = "".join(f",{name}={value}" for name, value in more.items() if value)
    target = replace(
        parse_target(f"{upstream['url']}{spec}"),
        own_name=str(upstream["name"]),
        model=model or str(upstream.get("rename") or ""),
    )
    asked = ask_in(_question(request), target)
    match asked:
        case Unasked(_, reason):
            raise RechatError(reason)
        case Asked(_, _, unsaid):
            key = key_of(target, os.environ)
            job = Job(asked, 1, outgoing(asked, target, key))
            server = (target.scheme, target.host, target.port)
            return Inquiry(target, unsaid, recorded, job, OuterProxies(os.environ, [server]))


def _question(request: Request) -> Question:
    """The question of a request that is in no transcript. It has the whole conversation, so that
    the server need not know the earlier responses.
    """
    settings = {
        name: value
        for name, value in request.settings.items()
        if name not in (PREVIOUS, CONVERSATION)
    }
    whole = replace(request, settings=settings)
    return Question("", Section("", {}, ()), 1, 1, whole, (), (), 0)
