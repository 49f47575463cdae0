"""Answers that are on their way (`arriving.js`)."""

from modules_rig import Modules

ROWS = [
    {"number": -at, "model": "m", "words": f"<b>{at}</b>", "target": "POST /x"}
    for at in range(1, 7)
]


def test_they_stand_in_a_line_the_newest_first(modules: Modules) -> None:
    found = modules.run(
        """
        const { start } = await load("arriving");
        const { data, emit } = await load("model");
        start();
        data.arriving = given;
        emit("arriving");
        const way = document.getElementById("way");
        const shown = [way.hidden, way.firstChild.textContent, [...way.querySelectorAll("button")].map((one) => one.textContent)];
        data.arriving = [];
        emit("arriving");
        return [shown, way.hidden];
        """,
        ROWS,
    )
    shown = [f"m <b>{at}</b>" for at in (6, 5, 4, 3)]
    assert found == [[False, "6 answers under way", shown], True]


def test_the_text_grows_and_the_exchange_takes_its_place(modules: Modules) -> None:
    modules.streams["exchanges/-1/text"] = (
        'event: text\ndata: {"keep": 0, "text": "One <b>tw"}\n\n'
        'event: text\ndata: {"keep": 7, "text": "two"}\n\nevent: end\ndata: 9\n\n'
    )
    found = modules.run(
        """
        const { start } = await load("arriving");
        const { data, emit, on } = await load("model");
        start();
        const part = document.createElement("div");
        Object.assign(part, { id: "part", className: "conversation" });
        document.getElementById("detail").replaceChildren(part);
        data.current = { number: -1 };
        const chosen = new Promise((done) => on("choose", ({ number }) => done(number)));
        emit("open");
        const number = await chosen;
        return [number, document.getElementById("live").textContent];
        """
    )
    assert found == [9, "One <b>two"]
