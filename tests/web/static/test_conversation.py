"""A conversation: its newest part open, the rest a line each (`conversation.js`)."""

from typing import Any

from modules_rig import Modules

SHOWN = """
const { conversation } = await load("conversation");
const made = document.createElement("div");
made.append(...conversation(given));
document.body.replaceChildren(made);
const lines = [...made.children].map((one) => one.matches("details")
  ? [one.className, one.open, one.querySelector("summary").textContent]
  : [one.className, one.innerText]);
"""


def said(role: str, text: str, **more: Any) -> dict[str, Any]:
    blocks = [{"kind": "text", "text": text, "html": f"<p>{text}</p>"}] if text else []
    return {"role": role, "blocks": blocks, "raw": text, "size": len(text)} | more


def exchange(messages: list[dict[str, Any]], *answer: dict[str, Any]) -> dict[str, Any]:
    return {"settings": {"model": "m"}, "messages": messages, "answer": [*answer], "takes": 0}


def test_earlier_turns_are_one_line_that_opens_to_a_line_each(modules: Modules) -> None:
    call = {"kind": "call", "name": "run", "id": "c1", "text": "{}"}
    messages = [
        said("system", "Be brief."),
        said("user", "One?"),
        said("assistant", "", blocks=[call]),
        said("tool", "exit 1", id="c1", failed=True),
        said("assistant", "It failed."),
        said("user", "Two?"),
    ]
    lines, inner = modules.run(
        SHOWN
        + """
        const earlier = made.querySelector(".earlier");
        earlier.open = true;
        await new Promise((done) => setTimeout(done));
        return [lines, [...earlier.querySelectorAll(".older > details > summary")].map((one) => one.textContent)];
        """,
        exchange(messages, said("assistant", "Done.")),
    )
    assert [line[0] for line in lines] == [
        "fold message system",
        "fold earlier",
        "message user newest",
        "message answer assistant",
    ]
    assert lines[1][1:] == [
        False,
        "4 earlier messages1 question · 2 answers · 1 tool result · 1 failed",
    ]
    assert inner == ["UserOne?", "Assistantcalls run", "AssistantIt failed."]


def test_of_a_first_turn_all_is_new_but_a_long_prompt(modules: Modules) -> None:
    messages = [said("system", "Long. " * 200), said("user", "One?")]
    lines = modules.run(SHOWN + "return lines;", exchange(messages, said("assistant", "Yes.")))
    assert [line[:2] for line in lines] == [
        ["fold message system", False],
        ["message user newest", "User\n\nOne?"],
        ["message answer assistant", "Answer\nCopy\n\nYes."],
    ]


def test_json_is_read_as_json_and_an_error_by_its_message(modules: Modules) -> None:
    error = '429 {"error": {"message": "Slow down.", "type": "tokens"}}'
    found = modules.run(
        """
        const { conversation } = await load("conversation");
        return given.map((one) => {
          const [shown] = conversation(one).slice(-1);
          return [shown.querySelectorAll(".json").length, shown.querySelector(".trouble")?.textContent];
        });
        """,
        [
            exchange([said("user", "?")], said("assistant", '{"total": 12}')),
            exchange([said("user", "?")], said("assistant", "{not json}")),
            exchange([said("user", "?")], said("error", error)),
            exchange([said("user", "?")], said("error", "timeout")),
        ],
    )
    assert found == [[1, None], [0, None], [1, "429 Slow down."], [0, "timeout"]]
