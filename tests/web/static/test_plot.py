"""Plots on two axes (`plot.js`)."""

from modules_rig import Modules


def test_axes_have_round_numbers(modules: Modules) -> None:
    found = modules.run(
        """
        const { powers, rounds, sizes } = await load("plot");
        return [rounds(0, 47), rounds(0, 3, 4, 1), powers(3), sizes(900), sizes(20 * 1024)];
        """
    )
    assert found == [
        [0, 10, 20, 30, 40],
        [0, 1, 2, 3],
        [0, 1, 2, 3],
        [0, 200, 400, 600, 800],
        [0, 5120, 10240, 15360, 20480],
    ]


def test_a_plot_is_as_wide_as_its_place_and_a_block_as_high_as_its_value(modules: Modules) -> None:
    found = modules.run(
        """
        const { chart } = await load("plot");
        const made = chart({
          label: "Two blocks", height: 200, x: [0, 10], y: [0, 4], xName: String, yName: String,
          blocks: [{ from: 0, to: 5, y0: 0, y1: 4, kind: "hit" }, { from: 5, to: 10, y0: 0, y1: 1, kind: "miss" }],
        });
        const place = document.createElement("div");
        place.append(made);
        document.body.replaceChildren(place);
        const drawn = [];
        for (const width of [300, 600]) {
          place.style.width = `${width}px`;
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const shown = made.querySelector("svg");
          const [one, two] = [...shown.querySelectorAll(".block")].map((block) => block.getBoundingClientRect().height);
          drawn.push([shown.getBoundingClientRect().width, one / two, shown.getAttribute("aria-label")]);
        }
        return drawn;
        """
    )
    assert found == [[300, 4, "Two blocks"], [600, 4, "Two blocks"]]
