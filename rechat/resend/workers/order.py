"""A question for a worker, and how the worker asks it: with its own connection, key (from its
environment) and retries.

What a worker receives is written to a tape before it is parsed. So one that is killed loses nothing
that it has received in full: another worker on the same machine finds it, and need not ask. What
was not received in full is asked again, and that is counted: the target may have answered it.
"""

import asyncio
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from rechat.resend.asking import Asked
from rechat.resend.asking import marked
from rechat.resend.asking import outgoing
from rechat.resend.client import Client
from rechat.resend.client import Played
from rechat.resend.client import Tape
from rechat.resend.client import play
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.resend.results.result import to_line
from rechat.resend.sending.driving import Driver
from rechat.resend.sending.driving import Progress
from rechat.resend.sending.driving import is_passing
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.resend.sending.keys import key_of
from rechat.resend.target import Target
from rechat.values import OuterProxies
from rechat.values import own_patterns
from rechat.values import redact_also


@dataclass(frozen=True, slots=True)
class Order:
    """A question for a worker: which take it is, of which target, and how patiently. `secrets` are
    the project's own patterns of credentials, since the worker has not read the settings. What it
    receives is written to the tape with this name. `lost` counts the workers that ended with it and
    whose tapes are out of reach, `ended` all that ended with it.
    """

    asked: Asked
    target: Target
    take: int
    timeout: float
    retries: int
    secrets: Mapping[str, str] = field(default_factory=dict)
    tape: str = ""
    lost: int = 0
    ended: int = 0


def order_maker(
    target: Target, options: RunOptions, run: str = "", part: str = ""
) -> Callable[[Asked, int], Order]:
    """A function that creates the order for a question and its take. `run` distinguishes the run
    from all others, `part` names this part of it; without them, nothing is taped.
    """

    def make(asked: Asked, take: int) -> Order:
        now = marked(asked, secrets.token_hex(8)) if options.fresh else asked
        tape = f"{run}/{_digest(part, asked, take)}" if run else ""
        return Order(now, target, take, options.timeout, options.retries, own_patterns(), tape)

    return make


def _digest(part: str, asked: Asked, take: int) -> str:
    place = (part, asked.question.name, asked.question.key, take)
    return hashlib.sha256(repr(place).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def ask(order: Order) -> str:
    """The line of the result of a question, which is not asked if a worker on this machine has
    received the answer; `sent` is the time of day. Runs in a worker.
    """
    line, lost = recall(order)
    if line:
        return line
    with Tape(order.tape) as tape:
        return to_line(asyncio.run(_ask(replace(order, lost=lost), tape)))


def recall(order: Order) -> tuple[str, int]:
    """The line of the result that workers on this machine have received, empty if there is none;
    and with how many it was lost. Runs in a worker.
    """
    if own_patterns() != order.secrets:
        redact_also(order.secrets)
    played = play(order.tape, order.timeout)
    lost = order.lost + played.lost
    if not played.found or (is_passing(played.found) and played.tries <= order.retries):
        return "", lost
    return to_line(_result(order, _job(order), played, lost)), lost


def _result(order: Order, job: Job, played: Played, lost: int) -> Result:
    assert played.found
    waited = played.found.sent - played.first
    done = Done(job, played.found, begun=0.0, due=None, tries=played.tries, waited=waited)
    return replace(done.raw.read(), lost=lost, tries=played.tries + order.lost)


async def _ask(order: Order, tape: Tape) -> Result:
    found: list[Done] = []
    server = (order.target.scheme, order.target.host, order.target.port)
    client = Client(order.timeout, proxies=OuterProxies(os.environ, [server]), tape=tape)
    started = time.time()

    async def keep(done: Done) -> None:
        found.append(done)

    driver = Driver(client, keep, Progress(), order.retries)
    try:
        await driver.ask(_job(order))
    finally:
        await client.close()
    result = found[0].raw.read()
    tries = result.tries + order.lost
    return replace(result, sent=started + result.sent, tries=tries, lost=order.lost)


def _job(order: Order) -> Job:
    sent = outgoing(order.asked, order.target, key_of(order.target, os.environ))
    return Job(order.asked, order.take, sent)
