"""Events of a stream of the Responses API that add nothing to its answer: those that OpenAI does
not know, previews of a picture that is not whole yet, and `response.queued` of an answer that did
not run in the background.
"""

from collections.abc import Iterable, Iterator

from rechat.dialects.openai_responses.stream_gaps import renamed
from rechat.dialects.shared import side_events
from rechat.values import Json
from rechat.values import JsonObject

QUEUED = "response.queued"
PREVIEW = "response.image_generation_call.partial_image"
PREVIEWS = "partial_images"
"""The field of an item for the previews of its picture."""

# What events are about, and what they say of it.
_ABOUT = frozenset(
    {
        *("response", "response.output_item", "response.content_part", "response.output_text"),
        *("response.output_text.annotation", "response.refusal", "response.reasoning_text"),
        *("response.reasoning_summary_part", "response.reasoning_summary_text"),
        *("response.function_call_arguments", "response.custom_tool_call_input"),
        *("response.mcp_call", "response.mcp_call_arguments", "response.mcp_list_tools"),
        *("response.web_search_call", "response.file_search_call"),
        *("response.code_interpreter_call", "response.code_interpreter_call_code"),
        *("response.image_generation_call", "response.shell_call_command"),
        *("response.shell_call_output_content", "response.apply_patch_call_operation_diff"),
        *("response.compaction", "response.audio", "response.audio.transcript"),
    }
)
_SAID = frozenset(
    {
        *("added", "delta", "done", "created", "in_progress", "completed", "failed", "incomplete"),
        *("searching", "generating", "interpreting", "compacting"),
    }
)
_OF_ITEMS = ("added", "delta", "done")
_OF_PREVIEW = ("type", "sequence_number", "item_id", "output_index")
_PLACES = ("response_id", "item_id", "output_index")


def _beside(answer: JsonObject, events: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """The events of a stream that stand beside the answer that it adds up to."""
    for event in events:
        if event.get("type") == QUEUED:
            if answer.get("background") is not True:
                yield {"type": QUEUED}
        elif _is_side(event):
            yield event


def _is_side(event: JsonObject) -> bool:
    """Whether an event says something that the answer does not. The pieces of an item that is not
    known are in the item, too.
    """
    if isinstance(event.get("response"), dict) or event.get("error"):
        return False
    if event.get("type") == "error" or "type" not in event:
        return False
    about, _, said = str(renamed(event).get("type")).rpartition(".")
    is_known = about in _ABOUT and said in _SAID
    is_piece = said in _OF_ITEMS and not {"item_id", "output_index"}.isdisjoint(event)
    return not is_known and not is_piece and side_events.tells(event, *_PLACES)


def kept(answer: JsonObject, events: Iterable[JsonObject]) -> JsonObject:
    """The answer with what the events of its stream say beside it: previews in the item of their
    picture, where long bytes have a place, and all others around.
    """
    output, around = answer.get("output"), list[JsonObject]()
    items = [*output] if isinstance(output, list) else []
    previews: dict[int, list[Json]] = {}
    for event in _beside(answer, events):
        index = event.get("output_index")
        at = index if isinstance(index, int) and 0 <= index < len(items) else -1
        item = items[at] if at >= 0 else None
        if event["type"] == PREVIEW and isinstance(item, dict):
            shown = {key: value for key, value in event.items() if key not in _OF_PREVIEW}
            if shown.get("partial_image_b64") != item.get("result"):  # as we send it ourselves
                if at not in previews:
                    previews[at] = [*item.get(PREVIEWS, [])]
                previews[at].append(shown)
        else:
            around.append(event)
    for at, shown_of_item in previews.items():
        items[at] = items[at] | {PREVIEWS: shown_of_item}
    return answer | ({"output": items} if items else {}) | side_events.kept(around)


def of_stream(answer: JsonObject) -> tuple[list[JsonObject], dict[int, list[JsonObject]], bool]:
    """The side events of an answer: those of all of it, those of each item, and whether it was
    queued.
    """
    around: list[JsonObject] = []
    of_items = {index: [*_previews(index, item)] for index, item in enumerate(_items(answer))}
    told = side_events.of_answer(answer)
    for event in told:
        index = event.get("output_index")
        if isinstance(index, int) and index in of_items:
            of_items[index].append(event)
        elif event["type"] != QUEUED:
            around.append(event)
    return around, of_items, any(event["type"] == QUEUED for event in told)


def bare(answer: JsonObject) -> JsonObject:
    """The answer without what stands beside it."""
    rest = {key: value for key, value in answer.items() if key != side_events.SIDE_EVENTS}
    items = _items(answer)
    if any(isinstance(item, dict) and PREVIEWS in item for item in items):
        rest["output"] = [without_previews(item) for item in items]
    return rest


def without_steps(answer: JsonObject) -> JsonObject:
    """The answer for who asks for all of it at once, without what only says how it came to be."""
    told = side_events.of_answer(answer)
    return bare(answer) | side_events.kept(event for event in told if event["type"] != QUEUED)


def _items(answer: JsonObject) -> list[Json]:
    output = answer.get("output")
    return output if isinstance(output, list) else []


def _previews(index: int, item: Json) -> Iterator[JsonObject]:
    listed = item.get(PREVIEWS) if isinstance(item, dict) else None
    for shown in listed if isinstance(listed, list) else []:
        if isinstance(item, dict) and isinstance(shown, dict):
            place: JsonObject = {"item_id": item.get("id", ""), "output_index": index}
            yield {"type": PREVIEW} | place | shown


def without_previews(item: Json) -> Json:
    """The item without the previews of its picture, which the API does not take back."""
    if not isinstance(item, dict):
        return item
    return {key: value for key, value in item.items() if key != PREVIEWS}
