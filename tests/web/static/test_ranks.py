"""What is most of something (`ranks.js`)."""

from modules_rig import Modules


def test_names_are_counted_and_summed_the_most_first(modules: Modules) -> None:
    found = modules.run(
        """
        const { sum, tally } = await load("ranks");
        const rows = [{ name: "a", of: 1 }, { name: "b", of: 5 }, { name: "a", of: 2 }, { name: "", of: 9 }, { name: "b" }, { name: "b" }];
        return [tally(rows, (row) => row.name), tally(rows, (row) => row.name, (row) => row.of ?? 0), sum(rows, (row) => row.of)];
        """
    )
    assert found == [[["b", 3], ["a", 2]], [["b", 5], ["a", 3]], 17]


def test_a_bar_is_as_long_as_its_share_of_the_most_and_leads_to_what_it_tells_of(
    modules: Modules,
) -> None:
    found = modules.run(
        """
        const { panel, ranks } = await load("ranks");
        const chosen = [];
        const pairs = [["<b>a</b>", 40, { number: 3 }], ["b", 10], ...Array.from({ length: 9 }, (_, at) => [`c${at}`, 1])];
        const made = panel("Most", ranks(pairs, (value) => `${value} $`, (target) => chosen.push(target), "miss"));
        const buttons = [...made.querySelectorAll("button")];
        buttons[0].click();
        buttons[1].click();
        return [made.ariaLabel, buttons.slice(0, 2).map((one) => [one.textContent, one.querySelector("b.miss").style.width]), buttons.length, chosen];
        """
    )
    first = [["<b>a</b>40 $", "100%"], ["b10 $", "25%"]]
    assert found == ["Most", first, 8, [{"number": 3}, "b"]]
