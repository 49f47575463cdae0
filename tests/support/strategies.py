"""What hypothesis makes up: JSON, texts that are hard on Markdown, and whole transcripts."""

import base64
import json
import re
from typing import Any

from hypothesis import strategies as st

from rechat.format.body import fits_frame
from rechat.values import assets
from rechat.values import jsontext
from rechat.values.conversation import REQUEST_ROLES
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Entry
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Given
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Reply
from rechat.values.conversation import Text

# What opens, closes or bends a block in one of the renderers, to be put together at random.
HAZARDS = (
    "```", "````", "```python", "~~~", "~~~~ x", "`", "``",
    "    indented", "\ttab", "<pre>", "</pre>", "<!--", "-->", "<script>", "</script>", "<style>",
    "<textarea>", "<details>", "</details>", "<summary>", "<div>", "</div>", "<b>", "<a href='", "<?", "?>",
    "<!X", "<![CDATA[", "]]>", "<blockquote>", "</blockquote>", "</blockquote >", "</BLOCKQUOTE>", "<table>", "<span",
    ">>>", ">>>>", "> > >", ":::", "::: note", "::::", "$$", "$", "$`", "`$", "\\[", "\\(", "# a", "## b", "### user",
    "### assistant", "#### text", "#", "---", "- - -", "***", "+++", "===", "=", "--", "- ", "* ", "+ ", "1. ", "2) ",
    "-", "1.", "> ", ">", "\t", " ", "  ", "   ", "    ", "[a]: /u", "[a]: <", "[a]:", "[a]: /u '", "[^1]: note", "[^1]",
    "[a](", "![a](/b)", "[", "]", "| a | b |", "|---|---|", "|", ": definition", ":", "~", "- [ ] task", "- [x]",
    "Setext", "word", "*", "**", "_", "\\", "&lt;", "&#60;", "http://a.b/", "<http://a.b>", "[[w]]", "^[n", "||", "{", "{.x}",
    "<<<<<<< HEAD", ">>>>>>> x", "=======", "%%%", ";;;", "@@@", "[TOC]", "[!NOTE]", "> [!NOTE]", "é", "𝒳", "\xa0", "\u3000",
)  # fmt: skip


def _hazard(index: int) -> str:
    return HAZARDS[index]


# By number, so that a failure's report does not list them all.
hazards = st.integers(0, len(HAZARDS) - 1).map(_hazard)
"""One of `HAZARDS`."""

plain_characters = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8
)
"""Text of one line, of characters that print."""

_pieces = st.one_of(hazards, hazards, plain_characters)
_lines = st.one_of(
    st.just(""),
    hazards,
    st.lists(_pieces, max_size=4).map("".join),
    st.lists(_pieces, max_size=3).map(" ".join),
)

hazardous_texts = st.lists(_lines, max_size=8).map("\n".join)
"""Texts of several lines that do their worst to a Markdown renderer and to our own reader."""


_fences = st.tuples(
    st.sampled_from(("```", "~~~", "````", "```python")), st.lists(_lines, max_size=3)
).map(lambda made: "\n".join((made[0], *made[1], made[0].removesuffix("python"))))


def _plain_lines(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if fits_frame(line) or not line:
            kept.append(line)
    text = "\n".join(kept).strip("\n")
    return text if fits_frame(text) else "plain"


plain_texts = st.lists(st.one_of(_lines, _lines, _fences), max_size=8).map(_plain_lines)
"""Texts that go into a frame, as close to breaking out of it as they are let."""

# What editors, YAML and JSON take for a line end, drop or refuse; and blanks that git would strip.
ODDITIES = ("\r", "\r\n", "\n", "\n\n", "\0", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\ud800", "\udc00", "\U0010ffff", "  \n", "\t\n", "\n\t", "> \n", ">\n", "\n>", "\\")  # fmt: skip

# JSON reads two halves of a character that stand together as one.
odd_texts = (
    st.lists(
        st.one_of(st.integers(0, len(ODDITIES) - 1).map(ODDITIES.__getitem__), hazards), max_size=8
    )
    .map("".join)
    .map(lambda text: str(json.loads(json.dumps(text))))
)
"""Texts in which control characters and odd line ends stand beside hazards."""

texts = st.one_of(hazardous_texts, hazardous_texts, st.text(max_size=30))
"""Any text, lone surrogates and control characters too, with many hazards among them."""

filled_texts = texts.filter(bool)
"""Any text but the empty one."""

number_literals = st.from_regex(
    r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)
"""JSON numbers in every spelling."""

numbers = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    number_literals.map(jsontext.parse),
)

scalars = st.one_of(
    st.none(), st.booleans(), numbers, texts, st.sampled_from(("gpt-4o", "no", "1:20", "as above"))
)


def in_ascii(text: str) -> str:
    """A JSON text with an escape for each character that is not ASCII."""
    return re.sub(r"[^\x00-\x7f]", lambda one: json.dumps(one[0])[1:-1], text)


json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
"""Any JSON value."""

words = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
"""Names as APIs use them."""

_OUR_KEYS = ("rest", "without", "message", "choice", "finish_reason", "id", "name", "url", "arguments", "content", "detail", "field", "headers", "rechat")  # fmt: skip
_our_keys = st.integers(0, len(_OUR_KEYS) - 1).map(_OUR_KEYS.__getitem__)

keys = st.one_of(
    words,
    st.text(max_size=10),
    st.sampled_from(("a.b", "no", "1", "null", "- a", "# a", "a: b")),
    _our_keys,
)
"""Names of fields, as wild as JSON lets them be."""

objects = st.dictionaries(st.one_of(words, words, keys), json_values, max_size=4)
"""Any JSON object, mostly with the keys of an API."""

_names = st.one_of(
    words,
    words,
    filled_texts,
    st.sampled_from(("custom", "like", "any", "id x", "a,b", "#", "given", "take 2")),
)

fields = st.one_of(
    st.just({}), st.just({}), objects, st.dictionaries(_our_keys, json_values, max_size=2)
)
"""The other fields of something on the wire."""

_media_types = st.sampled_from(
    ("image/png", "image/jpeg", "audio/wav", "application/pdf", "image/tiff", "text/plain")
)
_urls = st.one_of(
    st.just("https://example.com/cat.png?a=b&c=d#e"),
    st.builds(assets.data_url, _media_types, st.binary(max_size=9)),
    st.just("data:image/png;base64,AAB="),
    texts,
)

_base64 = st.binary(min_size=300, max_size=330).map(lambda raw: base64.b64encode(raw).decode())

calls = st.builds(
    Call,
    _names,
    st.one_of(st.just(""), _names),
    st.one_of(st.just('{"city": "Paris"}'), texts),
    st.sampled_from(("function", "custom")),
    fields,
)

parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, texts, fields),
    st.builds(
        Media,
        st.sampled_from(("image", "audio", "file")),
        _urls,
        st.one_of(fields, st.fixed_dictionaries({"detail": st.one_of(words, json_values)})),
    ),
    calls,
    st.builds(Reasoning, texts, st.sampled_from(("reasoning_content", "reasoning")), fields),
    st.builds(Refusal, texts),
    st.builds(Opaque, json_values | st.builds(lambda text: {"data": text}, _base64)),
)
"""Any part of a message."""

_bodies = st.one_of(texts, texts, st.none())
_parts = st.one_of(st.just(()), st.lists(parts, max_size=3).map(tuple))


def _is_one_content(message: Message) -> bool:
    """Whether the content is either a text, or a list of parts, or something else, as on the
    wire.
    """
    if message.body is not None and "content" in message.fields:
        return False
    is_text = message.body is not None or "content" in message.fields
    return not is_text or not any(
        isinstance(part, Text | Opaque)
        or (isinstance(part, Media) and (part.kind, message.role) != ("audio", "assistant"))
        for part in message.parts
    )


def _request_message(role: str) -> st.SearchStrategy[Message]:
    made = st.builds(Message, st.just(role), _bodies, _parts, _request_fields(role))
    return made.filter(_is_one_content)


def _request_fields(role: str) -> st.SearchStrategy[dict[str, Any]]:
    named = {"tool": "tool_call_id", "function": "name"}.get(role, "name")
    return st.one_of(
        fields,
        st.builds(lambda name, rest: {named: name} | rest, st.one_of(_names, json_values), fields),
        st.builds(
            lambda content: {"content": content},
            json_values.filter(lambda value: value is not None),
        ),
    )


request_messages = st.sampled_from((*REQUEST_ROLES, "assistant")).flatmap(_request_message)
"""Any message of a request."""

_lacking = st.one_of(st.just(()), st.just(("content",)), st.just(("role", "content")))
_answered = st.builds(Message, st.just("assistant"), _bodies, _parts, fields, _lacking).filter(
    lambda message: not message.fields.keys() & set(message.without) and _is_one_content(message)
)
_choice_fields = st.one_of(
    st.just({"finish_reason": "stop"}),
    st.fixed_dictionaries({"finish_reason": st.just("length"), "logprobs": json_values}),
    fields,
)
choices = st.builds(Choice, _answered, _choice_fields)

_details = st.dictionaries(st.sampled_from(("cached", "a.b", "cost", "deeper")), st.integers(0, 1))
_usage = st.fixed_dictionaries(
    {"prompt_tokens": st.integers(0, 1), "completion_tokens": st.integers(0, 9)},
    optional={"cost": numbers, "details": st.one_of(st.none(), _details), "a.b": st.just(1)},
)
_recorded = st.fixed_dictionaries(
    {"id": words, "object": st.just("chat.completion"), "provider": st.just("x" * 60)},
    optional={
        "usage": st.one_of(_usage, st.fixed_dictionaries({"inner": _usage})),
        "created": st.integers(0, 9),
        "x.y": st.just(1),
        "system_fingerprint": st.one_of(st.none(), words),
    },
)
_metadata = st.one_of(fields, _recorded, _recorded)
answers = st.builds(
    Answer,
    st.lists(choices, min_size=1, max_size=2).map(tuple),
    _metadata,
    st.one_of(st.just(()), st.just(("usage",))),
).filter(lambda answer: not answer.fields.keys() & set(answer.without))
"""Any answer of one or two choices."""

_header_names = st.sampled_from(("retry-after", "x-request-id", "Content-Type", "via"))
errors = st.builds(
    ErrorAnswer,
    st.integers(200, 599),
    st.one_of(json_values, objects),
    st.dictionaries(
        _header_names,
        st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=9),
    ).map(lambda found: tuple(found.items())),
)
"""Any HTTP error."""

faults = st.one_of(
    st.builds(Fault, st.sampled_from(("timeout", "reset"))),
    st.builds(Fault, st.just("cut"), st.integers(0, 999), texts),
)
_headers = st.just(()) | st.just((("content-type", "image/png"), ("via", "a: b")))
_statuses = st.sampled_from((200, 200, 201, 302))
raw_answers = st.builds(
    RawAnswer,
    json_values.filter(lambda value: value is not None)
    | st.builds(lambda text: {"data": [{"b64_json": text}]}, _base64)
    | st.just({"data": [{"b64_json": "iVBORw0KGgo" + "A" * 489}]}),
    _statuses,
    _headers,
)
binary_answers = st.builds(BinaryAnswer, st.binary(max_size=20), _statuses, _headers)

any_answers: st.SearchStrategy[AnyAnswer] = st.one_of(
    answers, answers, errors, faults, raw_answers, binary_answers
)
"""Anything that can be served."""


def _turn(given: list[Message], found: list[AnyAnswer], *, is_blank: bool) -> list[Entry]:
    turn: list[Entry] = [Given(message) for message in given]
    turn += [Reply(answer, take) for take, answer in enumerate(found, 1)]
    return [*turn, Reply(None, len(found) + 1)] if is_blank or not found else turn


_turns = st.builds(
    _turn,
    st.lists(request_messages, min_size=1, max_size=2),
    st.lists(any_answers, max_size=3),
    is_blank=st.booleans(),
)

entries = st.lists(_turns, min_size=1, max_size=3).map(
    lambda turns: [entry for turn in turns for entry in turn]
)
"""The messages and answers of a conversation: each turn asks and has one take or several."""
