"""The takes of an answer, side by side (`takes.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { compared } = await load("takes");
const part = document.createElement("div");
document.body.append(part);
part.append(...compared({ number: 7 }));
while (part.textContent === "…") await new Promise((done) => setTimeout(done));
"""


def take(number: int, text: str, *, is_this: bool = False, **more: Any) -> dict[str, Any]:
    blocks = [{"kind": "reasoning", "text": "Hm."}, {"kind": "text", "text": text, "html": text}]
    said = {"role": "assistant", "raw": text, "blocks": blocks}
    place = f"a.md:{number}0"
    return {"take": number, "place": place, "is_this": is_this, "messages": [said], **more}


def test_takes_are_labelled_and_differences_from_the_served_one_marked(modules: Modules) -> None:
    lines = [
        {"kind": "recorded", "pieces": [["one ", False], ["day", True]]},
        {"kind": "asked", "pieces": [["one ", False], ["night", True]]},
    ]
    modules.answers["exchanges/7/takes"] = {
        "takes": [
            take(1, "one night", difference={"lines": lines}),
            take(2, "one day", is_this=True, difference=None),
            take(3, "one day", difference=None),
        ]
    }
    found = modules.run(
        START
        + """
        const texts = (place) => [...part.querySelectorAll(place)].map((one) => one.textContent);
        return [texts(".take .head"), texts(".take summary .role"), texts("mark"), texts(".side"), texts(":scope > div > p")];
        """
    )
    assert found == [
        ["Take 1line 10", "Take 2servedline 20", "Take 3line 30"],
        ["Reasoning"] * 3,
        ["day", "night"],
        ["Take 2, served", "Take 1"],
        ["Take 3 says the same."],
    ]


def test_an_answer_that_is_not_there_any_more_is_told(modules: Modules) -> None:
    modules.answers["exchanges/7/takes"] = {"takes": []}
    assert "this answer is not there any more" in modules.run(START + "return part.textContent;")
