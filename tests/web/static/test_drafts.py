"""What is typed and not saved (`drafts.js`)."""

from modules_rig import Modules


def test_it_is_kept_until_it_is_what_it_was_and_the_browser_asks_meanwhile(
    modules: Modules,
) -> None:
    found = modules.run(
        """
        const { draft, forget, keep } = await load("drafts");
        const area = document.createElement("textarea");
        const isAsked = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
        const type = (text) => { area.value = text; area.dispatchEvent(new Event("input")); return [draft("a")?.text ?? null, draft("a")?.before ?? null, isAsked()]; };
        let before = "old";
        area.value = "old";
        const note = keep(area, "a", () => before);
        const seen = [type("new"), type("old"), type("newer")];
        before = "newer";
        note();
        seen.push(isAsked(), type("x"));
        forget("a");
        return [...seen, isAsked()];
        """
    )
    kept = [["new", "old", True], [None, None, False], ["newer", "old", True]]
    assert found == [*kept, False, ["x", "newer", True], False]
