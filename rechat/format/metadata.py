"""The metadata of an answer in YAML, both ways.

It is one flat mapping: the fields around the choices (`id`, `model`, `usage`, …), of the choice
(`finish_reason`, `logprobs`; others under `choice:`) and of the message (under `message:`); fields
around the choices with one of these names are under `answer:`. Repeated values are not written
again:

- `rest: as above` stands for the values that the answer above in the section has too, key by key,
  and `without: [usage.cost]` for keys that that answer has and this one lacks;
- `echoed: [tools]` stands for long fields that repeat the request: the setting of that name, or for
  `instructions` the first system message;
- `recorded:` and `digest:` are rechat's own, and not metadata: they say when the answer was
  recorded, and whether it was changed since (`reading.recorded`).
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from itertools import takewhile
from typing import cast

from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.values import Answer
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Reply
from rechat.values import TranscriptError
from rechat.values import dump

CHOICE_FIELDS = ("finish_reason", "logprobs")
# Stable and informative keys first, so that the diff of a new recording comes last.
_FIRST = ("model", "object", "finish_reason", "usage")
_LAST = ("logprobs", "message", "choice", "system_fingerprint", "created", "id")
_OURS = (
    *CHOICE_FIELDS,
    "message",
    "choice",
    "answer",
    "rest",
    "without",
    "echoed",
    "recorded",
    "digest",
)
_REST = {"rest": "as above"}

# Shorter fields are easier to read than a reference.
_LONG = 60


@dataclass(frozen=True, slots=True)
class Context:
    """The entries above an answer in its section, and the settings of the section."""

    entries: Sequence[Entry] = ()
    settings: JsonObject = field(default_factory=dict)


def resolved(
    own: JsonObject, above: Context, choice: int, line: int
) -> tuple[JsonObject, list[str]]:
    """The whole metadata of a choice whose YAML is `own`, and the paths that the wire would have by
    default but this answer lacks. Raises `TranscriptError`.
    """
    metadata = dict(own)
    without, echoed = metadata.pop("without", []), metadata.pop("echoed", [])
    if "rest" in metadata:
        rest = metadata.pop("rest")
        if rest != "as above":
            raise TranscriptError(
                line, f"`rest:` can only be `as above`, read {rest!r}", code="invalid-rest"
            )
        metadata = deepcopy(_merge(_above(above.entries, choice), metadata))
    metadata |= _echoes(_names("echoed", echoed, line), above, line)
    missing = [_remove(metadata, path, line) for path in _names("without", without, line)]
    return metadata, [path for path in missing if path]


def _echoes(names: list[str], above: Context, line: int) -> JsonObject:
    asked = _echoable(above)
    for name in names:
        if name not in asked:
            raise TranscriptError(
                line,
                f"`echoed:` names {name!r}, which is no setting of this section",
                code="invalid-echoed",
            )
    return {name: deepcopy(asked[name]) for name in names}


def _echoable(above: Context) -> JsonObject:
    """The parts of the request that an answer may repeat."""
    opening = takewhile(lambda entry: isinstance(entry, Given), above.entries)
    system = (
        entry.message.body
        for entry in opening
        if isinstance(entry, Given) and entry.message.role == "system"
    )
    text = next(system, None)
    return above.settings | ({} if text is None else {"instructions": text})


def _names(key: str, value: Json, line: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TranscriptError(
            line, f"`{key}:` is a list of keys, read {value!r}", code=f"invalid-{key}"
        )
    return cast("list[str]", value)


def _remove(metadata: JsonObject, path: str, line: int) -> str:
    """Remove a key; returns the path if it is not a key of the metadata but one that the wire would
    have by default.
    """
    *outer, last = path.split(".")
    scope: Json = metadata
    for key in outer:
        scope = scope.get(key) if isinstance(scope, dict) else None
    if isinstance(scope, dict) and last in scope:
        del scope[last]
        return ""
    if path.startswith("message.") or not outer:
        return path
    raise TranscriptError(
        line,
        f"`without:` names {path!r}, which the answer above does not have",
        code="invalid-without",
    )


def _above(entries: Sequence[Entry], choice: int) -> JsonObject:
    """The metadata of the answer above; empty if there is none, or it has no such choice."""
    for entry in reversed(entries):
        if isinstance(entry, Reply) and isinstance(entry.answer, Answer):
            if len(entry.answer.choices) < choice:
                return {}
            message = entry.answer.choices[choice - 1].message
            found = _metadata(entry.answer, choice - 1)
            return found if literal(message) is None else without_content(found)
    return {}


def literal(message: Message) -> Json:
    """The content of a message if it is neither a text nor null, for a literal body; None for any
    other.
    """
    content = message.fields.get("content")
    return None if message.body is not None or isinstance(content, str) else content


def without_content(metadata: JsonObject) -> JsonObject:
    """The metadata without the content of its message, which a literal body shows."""
    of_message = {key: item for key, item in metadata["message"].items() if key != "content"}
    others = {key: value for key, value in metadata.items() if key != "message"}
    return others | ({"message": of_message} if of_message else {})


def _metadata(answer: Answer, index: int) -> JsonObject:
    """The flat metadata of one choice; what surrounds the choices goes with the first."""
    choice = answer.choices[index]
    of_choice = dict(choice.fields)
    flat: JsonObject = dict(answer.fields) if not index else {}
    around = {key: flat.pop(key) for key in _OURS if key in flat}
    if around:
        flat["answer"] = around
    flat |= {key: of_choice.pop(key) for key in CHOICE_FIELDS if key in of_choice}
    if of_choice:
        flat["choice"] = of_choice
    if choice.message.fields:
        flat["message"] = dict(choice.message.fields)
    return flat


def _merge(above: JsonObject, own: JsonObject) -> JsonObject:
    merged = dict(above)
    for key, value in own.items():
        outer = merged.get(key)
        merged[key] = (
            _merge(outer, value) if isinstance(outer, dict) and isinstance(value, dict) else value
        )
    return merged


def metadata_blocks(answer: Iterable[Block]) -> Iterator[tuple[int, Block]]:
    """The blocks of YAML among those of an answer that are its metadata and not that of a part,
    each with the number of its choice.
    """
    choice, in_part = -1, False
    for block in answer:
        match block.kind, block.info:
            case "heading", "3" | "4":
                choice += block.info == "3"
                in_part = block.info == "4"
            case "note", _ if block.text.startswith("<details"):
                in_part = False
            case "fence", "yaml" if not in_part:
                yield choice, block


def own_metadata(answer: Answer, index: int, above: Context) -> JsonObject:
    """The YAML of a choice: all of its metadata, or the difference from the answer above if that is
    shorter.
    """
    return _without_echoes(_own(answer, index, above.entries), above)


def _without_echoes(own: JsonObject, above: Context) -> JsonObject:
    asked = _echoable(above)
    echoed = [
        name
        for name, value in own.items()
        if name in asked and len(dump(value)) > _LONG and _same(value, asked[name])
    ]
    if not echoed:
        return own
    kept = {name: value for name, value in own.items() if name not in echoed}
    return kept | {"echoed": list[Json](echoed)}


def _own(answer: Answer, index: int, above: Sequence[Entry]) -> JsonObject:
    full = _metadata(answer, index)
    lacking = [f"message.{name}" for name in answer.choices[index].message.without]
    lacking += answer.without if not index else ()
    whole = _ordered(full) | ({"without": list[Json](lacking)} if lacking else {})
    earlier = _above(above, index + 1)
    if not earlier or _has_dots(earlier):
        return whole
    own, gone = _difference(earlier, full, "")
    gone += lacking
    short = _ordered(own) | _REST | ({"without": list[Json](gone)} if gone else {})
    return short if len(yaml.write(short)) < len(yaml.write(whole)) else whole


def _difference(above: JsonObject, full: JsonObject, path: str) -> tuple[JsonObject, list[str]]:
    """The values of `full` that `above` does not have, and the paths that only `above` has."""
    own: JsonObject = {}
    gone = [f"{path}{key}" for key in above if key not in full]
    for key, value in full.items():
        outer = above.get(key)
        if key in above and _same(outer, value):
            continue
        if isinstance(outer, dict) and isinstance(value, dict):
            own[key], deeper = _difference(outer, value, f"{path}{key}.")
            gone += deeper
        else:
            own[key] = value
    return own, gone


def _has_dots(value: Json) -> bool:
    """Whether the path of a key in it would be ambiguous."""
    return isinstance(value, dict) and any(
        "." in key or _has_dots(item) for key, item in value.items()
    )


def _same(a: Json, b: Json) -> bool:
    """Exactly equal: `1`, `1.0` and `true` are three values."""
    return dump(a) == dump(b)


def _ordered(own: JsonObject) -> JsonObject:
    first = [key for key in _FIRST if key in own]
    last = [key for key in _LAST if key in own]
    middle = [key for key in own if key not in _FIRST and key not in _LAST]
    return {key: own[key] for key in (*first, *middle, *last)}
