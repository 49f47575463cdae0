"""What is asked on a web socket."""

import asyncio

from rechat.proxy.sockets.lane import Lane
from rechat.proxy.sockets.lane import Socket
from rechat.proxy.sockets.lane import Turn
from rechat.values import HttpRequest
from rechat.values import header

SOCKET = HttpRequest("GET", "/v1/responses", "x=1", (("openai-beta", "a"),))


def socket() -> Socket:
    return Socket(SOCKET, "me", is_known=True, is_alone=False)


def test_a_message_asks_what_a_post_to_the_same_place_would() -> None:
    question = socket().read({"type": "response.create", "model": "m", "input": "Hi"})
    asked = question.asked.http
    assert (asked.target, asked.body) == (
        "POST /v1/responses?x=1",
        b'{"model":"m","input":"Hi","stream":true}',
    )
    assert header(asked.headers, "openai-beta") == "a"
    assert (question.asked.client, question.asked.is_ours) == ("me", True)
    assert question.message_bytes == b'{"type":"response.create","model":"m","input":"Hi"}'


def test_a_lane_begins_once_and_ends_with_its_socket() -> None:
    begun: list[Lane] = []

    async def serve(lane: Lane) -> None:
        begun.append(lane)
        await asyncio.Event().wait()

    async def main() -> None:
        mine = socket()
        lane = mine.lane("a", serve)
        assert mine.lane("a", serve) is lane
        assert mine.lane("b", serve) is not lane
        await asyncio.sleep(0)
        lane.turn = Turn(mine.read({}), None)
        assert mine.close() == [lane.turn]
        assert lane.task
        await asyncio.wait([lane.task])
        assert lane.task.cancelled()

    asyncio.run(main())
    assert len(begun) == 2
