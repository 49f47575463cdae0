"""What an editor requests at a position of a transcript: completion and hover."""

import re
from collections.abc import Iterator

from rechat.format import PART_KINDS
from rechat.format import ROLE_WORDS
from rechat.lsp.documents import Document
from rechat.lsp.settings import is_in_settings
from rechat.lsp.settings import kind_of
from rechat.lsp.settings import names_at
from rechat.lsp.settings import values_at
from rechat.matching import Exchange
from rechat.store import assets_in
from rechat.values import JsonObject

_KEYWORD, _PROPERTY, _FILE, _VALUE = 14, 10, 17, 12
_HEADING = re.compile(r"(?P<marks>#{3,4})[ \t]+(?P<words>[^#,]*)")
_QUALIFIER = re.compile(r"###[ \t]+(?P<role>\w+)[^,]*,[^,]*")
_LINK = re.compile(r"\]\((?P<typed>[^()\s]*)")
_SETTING = re.compile(r"(?P<name>\w+):")
_QUALIFIERS = {
    "assistant": ("given", "take 2", "choice 2"),
    "user": ("like", "any"),
    "system": ("like", "any"),
    "tool": ("like", "any"),
}
_MOST_ASSETS = 200


def completions(document: Document, line: int, character: int) -> list[JsonObject]:
    """What may be typed at a place: roles, parts, qualifiers, settings and their values, assets."""
    before = document.before(line, character)
    if heading := _HEADING.fullmatch(before):
        words: tuple[str, ...] = ROLE_WORDS if len(heading["marks"]) == 3 else PART_KINDS
        return [_item(word, _KEYWORD) for word in words]
    if qualified := _QUALIFIER.fullmatch(before):
        return [_item(word, _VALUE) for word in _QUALIFIERS.get(qualified["role"], ())]
    if link := _LINK.search(before):
        return [_item(path, _FILE) for path in _assets(document) if path.startswith(link["typed"])]
    if names := names_at(document, line, before):
        return [_item(name, _PROPERTY, f"{name}: ", kind) for name, kind in names]
    return [_item(value, _VALUE) for value in values_at(document, line, before)]


def _item(label: str, kind: int, inserted: str = "", detail: str = "") -> JsonObject:
    item: JsonObject = {"label": label, "kind": kind, "insertText": inserted or label}
    return item | ({"detail": detail} if detail else {})


def _assets(document: Document) -> Iterator[str]:
    folder = document.path.parent
    if not folder.is_dir():
        return
    for number, path in enumerate(assets_in(folder)):
        if number == _MOST_ASSETS:
            return
        yield path.relative_to(folder).as_posix()


def hover(document: Document, line: int) -> str:
    """What the answer or the section in a line answers, or what a setting is, as Markdown; empty if
    there is nothing to show.
    """
    words = document.line(line)
    if (name := _SETTING.match(words)) and is_in_settings(document, line):
        kind = kind_of(name["name"])
        return f"`{name['name']}`: {kind}" if kind else ""
    exchanges = document.exchanges
    if words.startswith("## "):
        inside = [one for one in exchanges if one.section.line == line + 1]
        return "\n\n".join(map(_summary_of, inside))
    if words.startswith("### "):
        return "\n\n".join(
            _summary_of(one) for one in exchanges if any(r.line == line + 1 for r in one.replies)
        )
    return ""


def _summary_of(exchange: Exchange) -> str:
    section = exchange.section
    asked = [step.message for step in exchange.steps]
    last = next((one.text for one in reversed(asked) if one.text), "")
    first = " ".join(last.split())[:80]
    compared = "all settings" if section.options.match == "exact" else "only what is written"
    takes = f", {len(exchange.replies)} takes" if len(exchange.replies) > 1 else ""
    model = section.settings.get("model")
    named = f" to `{model}`" if isinstance(model, str) else ""
    count = f"{len(asked)} message{'' if len(asked) == 1 else 's'}"
    return (
        f"Line {exchange.line} answers a request{named} of {count} that ends in “{first}” "
        f"(`{section.api or 'every API'}`, {compared} is compared{takes})."
    )
