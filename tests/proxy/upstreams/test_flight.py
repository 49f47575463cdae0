"""Who leads, who follows, and what followers see."""

import asyncio
import time

import pytest
from conversations import ask
from mitmproxy import http

from rechat.answering import Asked
from rechat.answering import Room
from rechat.answering import Sent
from rechat.proxy.upstreams.flight import BrokenError
from rechat.proxy.upstreams.flight import Flight
from rechat.proxy.upstreams.flight import Flights
from rechat.values import HttpRequest


def sent(client: str = "", *, stream: bool = False) -> Sent:
    asked = Asked(HttpRequest("POST", "/"), client, is_ours=True, started=time.perf_counter())
    return Sent(asked, None, ask("Hi", stream=stream), saves=True, reason="")


def flight() -> Flight:
    return Flight("key", sent(), "leader")


async def body(flight: Flight) -> list[bytes]:
    return [piece async for piece in flight.pieces()]


def test_the_first_leads_and_the_others_follow_until_it_has_landed() -> None:
    flights = Flights()
    assert flights.find("key", Room(), "") is None
    leading = flights.lead("key", sent(), "leader")
    assert flights.find("key", Room(), "") is leading
    assert flights.find("another", Room(), "") is None
    flights.land(leading, None)
    assert flights.find("key", Room(), "") is None


def test_the_flights_of_a_connection_are_known() -> None:
    flights = Flights()
    leading = flights.lead("key", sent(), "leader")
    flights.lead("another", sent(), "else")
    assert flights.led_by("leader") == [leading]


def test_where_there_is_room_those_without_a_name_lead() -> None:
    flights = Flights()
    first = flights.lead("key", sent(), "a")
    assert flights.find("key", Room(2), "") is None
    second = flights.lead("key", sent(), "b")
    assert second.before is first
    assert flights.find("key", Room(2), "") is second


def test_a_client_with_a_name_joins_the_flight_that_is_its_turn() -> None:
    flights = Flights()
    first = flights.lead("key", sent("one"), "a")
    assert flights.find("key", Room(3, 0), "other") is first
    assert flights.find("key", Room(3, 0), "one") is None
    second = flights.lead("key", sent("one"), "a")
    first.join("other")
    assert flights.find("key", Room(3, 0), "other") is second
    assert flights.find("key", Room(3, 0), "third") is first


def test_the_bytes_of_an_answer_fit_requests_of_the_same_words_and_shape() -> None:
    assert flight().fits(sent("another"))
    assert not flight().fits(sent(stream=True))


def test_followers_get_what_was_before_them_and_what_comes() -> None:
    async def follow() -> list[list[bytes]]:
        leading = flight()
        leading.begin(http.Response.make())
        early = asyncio.ensure_future(body(leading))
        leading.add(b"a")
        await asyncio.sleep(0)
        late = asyncio.ensure_future(body(leading))
        leading.add(b"b")
        leading.finish()
        leading.add(b"nothing more")
        return [await early, await late]

    assert asyncio.run(follow()) == [[b"a", b"b"]] * 2


def test_an_answer_has_begun_when_some_of_it_is_there() -> None:
    async def begin() -> bool:
        leading = flight()
        begun = asyncio.ensure_future(leading.begun())
        leading.begin(http.Response.make())
        await asyncio.sleep(0)
        assert not begun.done()
        leading.add(b"a")
        return await begun

    assert asyncio.run(begin())


def test_one_that_fails_before_it_began_is_not_followed() -> None:
    async def fail() -> bool:
        leading = flight()
        begun = asyncio.ensure_future(leading.begun())
        await asyncio.sleep(0)
        leading.fail()
        return await begun

    assert not asyncio.run(fail())


def test_one_that_breaks_off_is_an_error() -> None:
    leading = flight()
    leading.begin(http.Response.make())
    leading.add(b"half")
    leading.fail()
    with pytest.raises(BrokenError):
        asyncio.run(body(leading))


def test_a_leader_is_needed_while_somebody_follows() -> None:
    async def leave() -> None:
        leading = flight()
        leading.join("")
        left = asyncio.ensure_future(leading.left_alone())
        await asyncio.sleep(0)
        assert leading.is_followed
        assert not left.done()
        leading.leave()
        await left
        assert not leading.is_followed

    asyncio.run(leave())


def test_one_that_is_too_long_is_let_go_of_and_followed_no_more() -> None:
    leading = Flight("key", sent(), "leader", limit=3)
    leading.begin(http.Response.make())
    for piece in (b"ab", b"cd", b"ef"):
        leading.add(piece)
    leading.finish()
    with pytest.raises(BrokenError):
        asyncio.run(body(leading))


def test_all_pieces_are_the_whole_body_once_it_has_an_end() -> None:
    leading = flight()
    leading.begin(http.Response.make())
    for piece in (b"ab", b"cd"):
        leading.add(piece)
    assert not leading.is_all(2)
    leading.finish()
    assert leading.is_all(2)
    assert not leading.is_all(1)


def test_nobody_joins_one_that_is_broken() -> None:
    flights = Flights()
    flights.lead("key", sent(), "leader").fail()
    assert flights.find("key", Room(), "") is None
