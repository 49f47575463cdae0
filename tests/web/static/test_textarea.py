"""What the fields in which people write have in common (`textarea.js`)."""

from modules_rig import Modules

SCRIPT = """
const { onEnter, previewButton } = await load("textarea");
const area = document.createElement("textarea");
const preview = document.createElement("div");
preview.hidden = true;
const done = [];
onEnter(area, () => done.push("saved"));
const look = previewButton(area, preview, "look", async () => done.push("filled"));
const press = (more) => area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ...more }));
press({});
press({ ctrlKey: true });
press({ metaKey: true });
const states = [];
for (let time = 0; time < 2; time += 1) {
  look.click();
  await new Promise((done) => setTimeout(done));
  states.push([preview.hidden, area.hidden, look.getAttribute("aria-pressed")]);
}
return [done, states, look.id];
"""


def test_enter_with_ctrl_saves_and_a_preview_takes_the_place_of_the_field(modules: Modules) -> None:
    done, states, name = modules.run(SCRIPT)
    assert done == ["saved", "saved", "filled"]
    assert states == [[False, True, "true"], [True, False, "false"]]
    assert name == "look"
