"""Talking to the proxy (`server.js`)."""

from modules_rig import Modules


def test_what_is_posted_is_json_and_errors_are_told(modules: Modules) -> None:
    modules.answers["render"] = {"html": "<p>x</p>"}
    modules.answers["held"] = (409, {"error": "not now", "current": "x"})
    found = modules.run(
        """
        const { get, post } = await load("server");
        const { html } = await post("render", { text: "x" });
        const error = await get("held").catch((caught) => caught);
        const other = await get("nothing").catch((caught) => caught);
        return [html, error.message, error.told.current, error.status, other.status];
        """
    )
    assert found == ["<p>x</p>", "not now", "x", 409, 404]
    assert modules.asked[0] == ("POST", "render", {"text": "x"})


def test_events_are_read_one_by_one(modules: Modules) -> None:
    modules.streams["events"] = (
        ': all is well\n\nevent: rows\nid: 7\ndata: [1]\n\nevent: state\ndata: {"a": ": b"}\n\n'
    )
    found = modules.run(
        """
        const { events } = await load("server");
        const found = [];
        for await (const event of events("events")) found.push(event);
        return found;
        """
    )
    assert found[1:] == [
        {"event": "rows", "id": "7", "data": "[1]"},
        {"event": "state", "data": '{"a": ": b"}'},
    ]
