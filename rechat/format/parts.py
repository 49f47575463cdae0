"""The parts of a message (`#### image`, `#### call NAME, ID`, …) in Markdown, both ways."""

import base64
import re
from typing import Literal

from rechat.format import body
from rechat.format import yaml
from rechat.format.headings import CALL_QUALIFIERS
from rechat.format.headings import PartHeading
from rechat.format.headings import is_word
from rechat.format.items import Item
from rechat.format.items import item_of
from rechat.format.items import value_of
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import ReadAsset
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import TranscriptError
from rechat.values import assets
from rechat.values import jsontext

# A URL that is allowed in a link.
_LINKABLE = re.compile(r"[^\s()<>\\]+")
# The beginning of a URL that is not a file path: "https:".
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
# A base64 text of at least this length is data that nobody reads.
_BASE64 = re.compile(r"[A-Za-z0-9+/]{400,}+={0,2}")
_BYTES = "$bytes"
_SHORT = re.compile(r"[A-Za-z0-9_.-]+")
_QUALIFIERS = ("detail", "format")


def read(
    heading: PartHeading,
    line: int,
    content: Json,
    own: JsonObject,
    link: str,
    read_asset: ReadAsset,
) -> Part:
    """The part that a heading, its body and its YAML describe."""
    match heading.kind:
        case "call" | "result" if heading.is_item:
            return _read_item(heading, line, content, own, link, read_asset)
        case "text":
            return Text(_text(content, heading, line), own)
        case "refusal":
            return Refusal(_text(content, heading, line))
        case "reasoning":
            name = str(heading.settings().get("field", "reasoning_content"))
            return Reasoning(_text(content, heading, line), name, own)
        case "call":
            return _read_call(heading, line, content, own)
        case "json":
            return Opaque(content)
        case "image" | "audio" | "file" as kind:
            url = (
                own.pop("url", None) if "url" in own or not link else _load(link, line, read_asset)
            )
            own = _fields(own)
            if not isinstance(url, str):
                raise TranscriptError(
                    line,
                    f"`#### {kind}` needs a link: ![{kind}](path or URL)",
                    code="missing-link",
                )
            return Media(kind, url, heading.settings() | own)
    raise AssertionError(heading.kind)


def _text(content: Json, heading: PartHeading, line: int) -> str:
    if not isinstance(content, str):
        raise TranscriptError(
            line,
            f"`#### {heading.kind}` needs a text, read {jsontext.kind_of(content)}",
            code="text-expected",
        )
    return content


def _read_call(heading: PartHeading, line: int, content: Json, own: JsonObject) -> Call:
    own = dict(own)
    ids = [word for word in heading.words if word != "custom"]
    name, call_id = own.pop("name", heading.name), own.pop("id", ids[0] if ids else "")
    arguments = own.pop("arguments", content)
    if arguments is None:
        arguments = ""
    if not isinstance(arguments, str):
        arguments = jsontext.dump(arguments)
    if not isinstance(name, str) or not name or not isinstance(call_id, str):
        raise TranscriptError(
            line, "a call needs a name: `#### call get_weather, call_1`", code="missing-call-name"
        )
    kind: Literal["function", "custom"] = "custom" if "custom" in heading.words else "function"
    return Call(name, call_id, arguments, kind, _fields(own))


def _read_item(
    heading: PartHeading,
    line: int,
    content: Json,
    own: JsonObject,
    link: str,
    read_asset: ReadAsset,
) -> Opaque:
    """An item of the API. The bytes of a link become base64."""
    ids = [word for word in heading.words if word not in CALL_QUALIFIERS]
    if not heading.name:
        raise TranscriptError(
            line,
            f"`#### {heading.kind}` needs a name: `#### {heading.kind} web_search`",
            code="missing-call-name",
        )
    if not isinstance(content, str | None):
        content = jsontext.dump(content)
    try:
        fields = with_bytes(own, read_asset)
        text = base64.b64encode(read_asset(link)).decode() if link else content
    except OSError as error:
        raise TranscriptError(
            line, f"the linked file cannot be read: {error}", code="unreadable-link"
        ) from None
    kind: Literal["call", "result"] = "call" if heading.kind == "call" else "result"
    assert isinstance(fields, dict)
    try:
        return Opaque(value_of(Item(kind, heading.name, ids[0] if ids else "", text, fields)))
    except ValueError as error:
        raise TranscriptError(
            line, f"the body of `#### {heading.kind}` has no place: {error}", code="second-body"
        ) from None


def _fields(own: JsonObject) -> JsonObject:
    """The API's fields in the YAML of a part; those whose names are reserved are under
    `fields:`.
    """
    match own:
        case {"fields": dict(inner), **others}:
            return others | inner
    return own


def _apart(own: JsonObject, *ours: str) -> JsonObject:
    """The YAML of a part for the API's fields, those with reserved names separated."""
    apart = {key: value for key, value in own.items() if key in (*ours, "fields")}
    return {key: value for key, value in own.items() if key not in apart} | (
        {"fields": apart} if apart else {}
    )


def _load(url: str, line: int, read_asset: ReadAsset) -> str:
    """A link's target in API form: URLs stay, files become `data:` URLs."""
    if _SCHEME.match(url):
        return url
    try:
        return assets.data_url(assets.type_of(url), read_asset(url))
    except OSError as error:
        raise TranscriptError(
            line,
            f"the linked file cannot be read: {error}{link_remedy(url)}",
            code="unreadable-link",
        ) from None


def link_remedy(target: str) -> str:
    """The remedy for a link that leads to no file, if it is obvious; else empty."""
    if "://" in target:
        return " (a link alone in its line is the text of a file: for a text, write `> ` before it)"
    if "%" in target:
        return " (names are written as they are: without spaces, and without `%20`)"
    if "\\" in target:
        return " (write `/` between folders, from the folder of the transcript on)"
    return ""


def write(part: Part, stored: dict[str, bytes]) -> str:
    """The Markdown of a part, without a final newline. Linked bytes are added to `stored` by their
    path.
    """
    match part:
        case Text(text, own):
            return _join("#### text", body.write(text), own)
        case Refusal(text):
            return _join("#### refusal", body.write(text), {})
        case Reasoning(text, name, own):
            field = "" if name == "reasoning_content" else f", field {name}"
            return _join(f"#### reasoning{field}", body.write(text), own)
        case Call():
            return _write_call(part)
        case Media():
            return _write_media(part, stored)
        case Opaque(value):
            if item := item_of(value):
                return _write_item(item, value, stored)
            return _join("#### json", write_json(value, stored), {})


def link_to(content: bytes, media_type: str, stored: dict[str, bytes]) -> str:
    """A link to a file with these bytes, which is added to `stored`; pictures are embedded."""
    kind = media_type.partition("/")[0]
    path = assets.path_of(content, assets.extension_of(media_type) or "bin")
    stored[path] = content
    return f"![image]({path})" if kind == "image" else f"[{kind or 'content'}]({path})"


def write_json(value: Json, stored: dict[str, bytes] | None = None) -> str:
    """A JSON value in a fence, indented for reading. Bytes in it (long base64 texts) are added to
    `stored`, and replaced by `{"$bytes": path}`.
    """
    short = value if stored is None else _apart_from_bytes(value, stored)
    return f"```json\n{jsontext.dump_visible(short, jsontext.INDENTED)}\n```"


def _apart_from_bytes(value: Json, stored: dict[str, bytes]) -> Json:
    match value:
        case str() if inline := _bytes_of(value):
            content, media_type = inline
            path = assets.path_of(content, assets.extension_of(media_type) or "bin")
            stored[path] = content
            return {_BYTES: path}
        case list():
            return [_apart_from_bytes(item, stored) for item in value]
        case dict():
            return {key: _apart_from_bytes(item, stored) for key, item in value.items()}
        case _:
            return value


def _bytes_of(text: str) -> tuple[bytes, str] | None:
    """The bytes of a long base64 text, and their media type; None if it is something else, or would
    be encoded differently.
    """
    if not _BASE64.fullmatch(text):
        return None
    media_type = assets.type_of_base64(text)
    inline = assets.split_data_url(f"data:{media_type};base64,{text}")
    return (inline[1], media_type) if inline else None


def with_bytes(value: Json, read_asset: ReadAsset) -> Json:
    """The JSON value with the linked bytes filled in. Raises `OSError`."""
    match value:
        case {"$bytes": str(path), **rest} if not rest:
            return base64.b64encode(read_asset(path)).decode()
        case list():
            return [with_bytes(item, read_asset) for item in value]
        case dict():
            return {key: with_bytes(item, read_asset) for key, item in value.items()}
        case _:
            return value


def _join(heading: str, content: str, own: JsonObject) -> str:
    pieces = [heading, content, write_fields(own)]
    return "\n\n".join(piece for piece in pieces if piece)


def write_fields(own: JsonObject) -> str:
    """Fields in a `yaml` fence; nothing for none."""
    return f"```yaml\n{yaml.write(own)}```" if own else ""


def _write_item(item: Item, value: Json, stored: dict[str, bytes]) -> str:
    """The Markdown of an item. A text that needs a literal stays in its YAML."""
    content = ""
    if item.text is not None:
        inline = _bytes_of(item.text)
        content = link_to(*inline, stored) if inline else _fence(item.text) or body.write(item.text)
        if content == body.literal(item.text):
            content, item = "", item_of(value, is_apart=False) or item
    words = [f"#### {item.kind} {item.name}", *([item.id] if item.id else [])]
    words += ["server"] if item.kind == "call" else []
    fields = _apart_from_bytes(item.fields, stored)
    assert isinstance(fields, dict)
    return _join(", ".join(words), content, fields)


def _write_call(call: Call) -> str:
    own = _apart(call.fields, "name", "id", "arguments")
    heading = "#### call"
    if is_word(call.name):
        heading += f" {call.name}"
    else:
        own["name"] = call.name
    if call.id and (not is_word(call.id) or call.id in CALL_QUALIFIERS):
        own["id"] = call.id
    elif call.id:
        heading += f", {call.id}"
    if call.kind == "custom":
        heading += ", custom"
    fence = _fence(call.arguments)
    if not fence:
        own["arguments"] = call.arguments
    return _join(heading, fence, own)


def _fence(text: str) -> str:
    """The text in a fence that is longer than any in it; empty if a fence would change the text."""
    if (
        jsontext.UNPRINTABLE.search(text)
        or text.endswith("\n")
        or "\n\n\n" in text
        or re.search("^(<{7}|>{7})", text, re.MULTILINE)
    ):
        return ""
    mark = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text) or [""]))
    info = "json" if text.lstrip()[:1] in ("{", "[") else "text"
    return f"{mark}{info}\n{text}\n{mark}" if text else f"{mark}{info}\n{mark}"


def _write_media(part: Media, stored: dict[str, bytes]) -> str:
    own = _apart(part.fields, "url")
    heading = f"#### {part.kind}"
    for key in _QUALIFIERS:
        value = own.get(key)
        if isinstance(value, str) and _SHORT.fullmatch(value):
            heading += f", {key} {own.pop(key)}"
    url = _store(part.url, stored)
    is_link = url in stored or (_SCHEME.match(url) and not url.startswith("data:"))
    if not is_link or not _LINKABLE.fullmatch(url):
        own["url"] = url
        return _join(heading, "", own)
    mark = "!" if part.kind == "image" else ""
    return _join(heading, f"{mark}[{part.kind}]({url})", own)


def _store(url: str, stored: dict[str, bytes]) -> str:
    """The link target for a URL: for a `data:` URL that would be reproduced exactly, the file that
    holds its bytes.
    """
    inline = assets.split_data_url(url)
    extension = assets.extension_of(inline[0]) if inline else None
    if not inline or not extension:
        return url
    path = assets.path_of(inline[1], extension)
    stored[path] = inline[1]
    return path
