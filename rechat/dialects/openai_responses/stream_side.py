"""Events of a stream of the Responses API that add nothing to its answer: those that OpenAI does
not know, previews of a picture that is not whole yet, and `response.queued` of an answer that did
not run in the background.
"""

from collections.abc import Iterable, Iterator

from rechat.dialects.openai_responses.stream_gaps import renamed
from rechat.dialects.shared import side_events
from rechat.values import JsonObject

QUEUED = "response.queued"
PREVIEW = "response.image_generation_call.partial_image"

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
_PLACES = ("response_id", "item_id", "output_index")


def beside(answer: JsonObject, events: Iterable[JsonObject]) -> Iterator[JsonObject]:
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


def of_stream(answer: JsonObject) -> tuple[list[JsonObject], dict[int, list[JsonObject]], bool]:
    """The side events of an answer: those of all of it, those of each item, and whether it was
    queued.
    """
    around: list[JsonObject] = []
    of_items: dict[int, list[JsonObject]] = {}
    output = answer.get("output")
    count = len(output) if isinstance(output, list) else 0
    told = side_events.of_answer(answer)
    for event in told:
        index = event.get("output_index")
        if isinstance(index, int) and 0 <= index < count:
            of_items.setdefault(index, []).append(event)
        elif event["type"] != QUEUED:
            around.append(event)
    return around, of_items, any(event["type"] == QUEUED for event in told)


def without_steps(answer: JsonObject) -> JsonObject:
    """The answer for who asks for all of it at once, without what only says how it came to be."""
    told = side_events.of_answer(answer)
    rest = {key: value for key, value in answer.items() if key != side_events.SIDE_EVENTS}
    return rest | side_events.kept(_lasting(told)) if told else answer


def _lasting(told: list[JsonObject]) -> Iterator[JsonObject]:
    return (event for event in told if event["type"] not in (QUEUED, PREVIEW))
