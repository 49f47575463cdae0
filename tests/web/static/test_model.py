"""What the page shows now (`model.js`)."""

from modules_rig import Modules


def test_the_address_says_where_the_reader_is(modules: Modules) -> None:
    found = modules.run(
        """
        const { remember, view } = await load("model");
        const places = [];
        const note = (more) => { Object.assign(view, more); remember(); places.push(location.pathname + location.search); };
        note({ query: "is:miss a b", open: 7 });
        note({ tab: "transcripts", file: "a/b.md" });
        note({ tab: "overview", query: "" });
        note({ tab: "exchanges", open: 0 });
        return places;
        """
    )
    assert found == [
        "/?q=is%3Amiss+a+b&open=7",
        "/?q=is%3Amiss+a+b&tab=transcripts&file=a%2Fb.md",
        "/?tab=overview",
        "/",
    ]


def test_all_who_listen_are_told(modules: Modules) -> None:
    found = modules.run(
        """
        const { emit, on } = await load("model");
        const told = [];
        on("x", (value) => told.push(["first", value]));
        on("x", (value) => told.push(["second", value]));
        emit("x", 7);
        emit("y", 8);
        return told;
        """
    )
    assert found == [["first", 7], ["second", 7]]


def test_only_what_is_held_now_waits(modules: Modules) -> None:
    found = modules.run(
        """
        const { data, isWaiting } = await load("model");
        data.state.held = ["a.md:5"];
        return [["held", "a.md:5"], ["held", "a.md:9"], ["hit", "a.md:5"]].map(([verdict, place]) => isWaiting({ verdict, place }));
        """
    )
    assert found == [True, False, False]
