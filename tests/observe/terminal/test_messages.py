"""Messages as people read them."""

import io
from pathlib import Path

from rich.console import Console as Terminal
from rich.console import RenderableType

from rechat.observe.terminal.messages import message_view
from rechat.observe.terminal.messages import transcript_view
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Text


def drawn(view: RenderableType) -> str:
    file = io.StringIO()
    Terminal(file=file, width=80, color_system=None).print(view, end="")
    return file.getvalue()


def test_what_a_model_is_told_is_shown_line_by_line() -> None:
    told = drawn(message_view(Message("user", "# no *heading*\none\n  two\nthree")))
    assert told == "  user\n    # no *heading*\n    one\n      two\n    three\n\n"


def test_a_result_of_a_tool_is_no_markdown() -> None:
    shown = drawn(message_view(Message("tool", "a_b_c  1\n* x *", fields={"tool_call_id": "c1"})))
    assert "    a_b_c  1\n    * x *\n    tool_call_id: c1\n" in shown


def test_an_answer_is_markdown_without_blanks_at_the_ends_of_its_lines() -> None:
    shown = drawn(message_view(Message("assistant", "# Title\n\none *two*\n\n- a\n- b")))
    assert "    one two\n" in shown
    assert "    Title\n" in shown
    assert all(line == line.rstrip() for line in shown.splitlines())


def test_each_call_stands_with_its_id() -> None:
    call = Call("get_weather", "c1", '{"city": "Oslo", "days": 3}')
    odd = Call("f", "c2", "not *json*")
    assert drawn(message_view(Message("assistant", None, (call, odd)))).splitlines() == [
        "  assistant",
        '    get_weather(city="Oslo", days=3)',
        "      id: c1",
        "    f(not *json*)",
        "      id: c2",
        "",
    ]


def test_long_arguments_have_a_line_each_and_lines_stay_lines() -> None:
    call = Call("write", "", '{"path": "a_b_c.py", "text": "one\\n  \'*two*\'\\n", "mode": null}')
    short = drawn(message_view(Message("assistant", None, (call,))))
    assert "    write(path=" in short
    long = Call("write", "", call.arguments.replace("one", "one " * 20))
    assert drawn(message_view(Message("assistant", None, (long,)))).splitlines()[1:] == [
        "    write(",
        '      path="a_b_c.py"',
        "      text=",
        f"        {'one ' * 17}one",
        "    one one",
        "          '*two*'",
        "      mode=null",
        "    )",
        "",
    ]


def test_pictures_are_told_by_type_and_size() -> None:
    picture = Media("image", "data:image/png;base64,iVBORw0KGgo=")
    shown = drawn(message_view(Message("user", None, (Text("See"), picture))))
    assert shown == "  user\n    See\n    [image: image/png, 8 bytes]\n\n"


def test_reasoning_is_shown_to_those_who_want_it() -> None:
    thinking = Message("assistant", "Hi", (Reasoning("They greet."),))
    assert "They greet." not in drawn(message_view(thinking))
    assert "    reasoning: They greet.\n    Hi\n" in drawn(message_view(thinking, thinks=True))


def test_a_message_without_anything_to_show_is_left_out() -> None:
    assert drawn(message_view(Message("request", None))) == ""


def test_a_transcript_has_the_line_of_each_message_and_all_that_was_said() -> None:
    thinking = Message("assistant", "Hi", (Reasoning("They greet."),))
    shown = drawn(
        transcript_view(Path("a.md"), [(1, Message("user", "Ho"), {}), (5, thinking, {"id": "x"})])
    )
    assert shown == (
        "a.md:1\n  user\n    Ho\n\na.md:5\n  assistant\n    reasoning: They greet.\n    Hi\n    id: x\n\n"
    )
