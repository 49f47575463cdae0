"""A server that ends lets answers arrive, and takes no more."""

import asyncio

from rechat.proxy.in_flight import InFlight


def test_it_waits_until_all_have_arrived() -> None:
    async def main() -> list[bool]:
        flights = InFlight()
        flights.begin("a")
        flights.begin("b")
        ending = asyncio.ensure_future(flights.arrive(60))
        await asyncio.sleep(0)
        flights.end("a")
        await asyncio.sleep(0)
        before = ending.done()
        flights.end("b")
        await ending
        return [before, flights.is_ending]

    assert asyncio.run(main()) == [False, True]


def test_it_does_not_wait_for_ever() -> None:
    flights = InFlight()
    flights.begin("a")
    asyncio.run(flights.arrive(0))
    assert len(flights) == 1


def test_who_is_in_a_hurry_is_not_kept() -> None:
    async def main() -> bool:
        flights = InFlight()
        flights.begin("a")
        ending = asyncio.ensure_future(flights.arrive(60))
        await asyncio.sleep(0)
        flights.hurry()
        await asyncio.wait([ending], timeout=20)
        return ending.done()

    assert asyncio.run(main())
