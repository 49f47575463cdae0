"""Messages for people: what was said, reasoned and called, each call with its arguments and its id,
pictures by type and size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Group
from rich.console import RenderableType
from rich.text import Text

from rechat.explain import readable
from rechat.observe.terminal.layout import Indented
from rechat.observe.terminal.visible import link_to
from rechat.observe.terminal.visible import visible
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Reasoning
from rechat.values import assets
from rechat.values import jsontext

# At most this many characters of each message are shown; the file has the rest.
_SHOWN = 4000
_VALUE = 200
# A call with more characters than this has a line for each argument.
_CALL = 72


def message_view(
    message: Message, around: JsonObject | None = None, *, thinks: bool = False
) -> Group:
    """A message, with the fields `around` an answer, and with its reasoning if it `thinks`; nothing
    if it has nothing to show.
    """
    inner = [*_inner(message, around or {}, thinks=thinks)]
    if not inner:
        return Group()
    role = Text(message.role, style="bold magenta")
    return Group(Indented(role), *(Indented(one, 4) for one in inner), Text())


def transcript_view(path: Path, messages: Iterable[tuple[int, Message, JsonObject]]) -> Group:
    """A conversation as people read it, with the line of each message, and with the fields that
    surround an answer.
    """
    shown: list[RenderableType] = []
    for line, message, around in messages:
        place = f"{path.as_posix()}:{line}"
        shown.append(Text(visible(place), style=f"dim {link_to(place)}".strip()))
        shown.append(message_view(message, around, thinks=True))
    return Group(*shown)


def _inner(message: Message, around: JsonObject, *, thinks: bool) -> Iterator[RenderableType]:
    thoughts = "\n\n".join(part.text for part in message.parts_of(Reasoning)) if thinks else ""
    if thoughts:
        yield Text(f"reasoning: {_cut(visible(thoughts))}", style="dim italic")
    if words := _words(message):
        yield _body(message.role, _cut(visible(words)))
    for media in message.parts_of(Media):
        yield Text(visible(_media(media)))
    for call in message.parts_of(Call):
        yield Text(_cut(visible(_call(call))))
        if call.id:
            yield Text(visible(f"  id: {call.id}"), style="dim")
    for name, value in (message.fields | around).items():
        if value not in (None, []):
            yield Text(visible(f"{name}: {_value(value)}"), style="dim")


def _words(message: Message) -> str:
    """The text of a message without its calls and attachments, which are shown separately."""
    kept = tuple(part for part in message.parts if not isinstance(part, Call | Media))
    return readable(replace(message, parts=kept, fields={}))


def _body(role: str, text: str) -> RenderableType:
    """Answers of models are Markdown. Other messages are shown as they are: results of tools, and
    prompts in which line breaks may matter.
    """
    if role != "assistant":
        return Text(text)
    from rechat.observe.terminal import markdown  # noqa: PLC0415  # see there

    return markdown.answer(text)


def _cut(text: str) -> str:
    more = len(text) - _SHOWN
    return text if more <= 0 else f"{text[:_SHOWN]}\n\n… {more:,} more characters"


def _media(media: Media) -> str:
    inline = assets.split_data_url(media.url)
    what = f"{inline[0]}, {len(inline[1]):,} bytes" if inline else media.url
    return f"[{media.kind}: {what}]"


def _call(call: Call) -> str:
    """`get_weather(city="Oslo")`; a long one has a line for each argument, and for each line of an
    argument. Arguments that are not an object are shown as they are.
    """
    try:
        value = jsontext.parse(call.arguments)
    except JsonError:
        value = None
    if not isinstance(value, dict):
        return f"{call.name}({call.arguments})"
    told = ", ".join(f"{key}={jsontext.dump_visible(item)}" for key, item in value.items())
    if len(call.name) + len(told) <= _CALL:
        return f"{call.name}({told})"
    lines = (f"  {key}={_argument(item)}" for key, item in value.items())
    return "\n".join([f"{call.name}(", *lines, ")"])


def _argument(value: Json) -> str:
    """The value of an argument; a text of several lines as these lines."""
    if not isinstance(value, str) or "\n" not in value:
        return jsontext.dump_visible(value)
    return "\n".join(["", *(f"    {line}" for line in value.splitlines())])


def _value(value: Json) -> str:
    text = value if isinstance(value, str) else jsontext.dump(value)
    more = len(text) - _VALUE
    return text if more <= 0 else f"{text[:_VALUE]}… {more:,} more characters"
