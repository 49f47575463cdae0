"""A tool that agents call: its purpose, its parameters, and its function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import UsageError
from rechat.values import jsontext
from rechat.values import kind_of

_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a tool: its JSON type and purpose."""

    name: str
    type: str
    about: str
    is_required: bool = False

    def read(self, value: Json) -> Json:
        """The value of an argument. For a text, a JSON object or list is accepted too, and becomes
        its JSON text. Raises `UsageError` for any other type.
        """
        if self.type == "string" and isinstance(value, dict | list):
            return jsontext.dump(value)
        is_it = isinstance(value, _TYPES[self.type])
        if not is_it or (self.type == "integer" and isinstance(value, bool)):
            raise UsageError(f"{self.name}: expected {_a(self.type)}, not {kind_of(value)}")
        return value


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "integer" else f"a {kind}"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. It returns a text or a JSON object. If it `changes` something, clients may ask a
    person first.
    """

    name: str
    title: str
    about: str
    run: Callable[..., str | JsonObject]
    parameters: tuple[Parameter, ...] = ()
    changes: bool = False

    def declared(self) -> JsonObject:
        """Its declaration in `tools/list`."""
        properties: JsonObject = {
            one.name: {"type": one.type, "description": one.about} for one in self.parameters
        }
        required: list[Json] = [one.name for one in self.parameters if one.is_required]
        schema: JsonObject = {"type": "object", "properties": properties}
        schema |= {"required": required} if required else {}
        return {
            "name": self.name,
            "title": self.title,
            "description": self.about,
            "inputSchema": schema | {"additionalProperties": False},
            "annotations": {
                "title": self.title,
                "readOnlyHint": not self.changes,
                "destructiveHint": self.changes,
                "openWorldHint": False,
            },
        }

    def call(self, arguments: Mapping[str, Json]) -> str | JsonObject:
        """Its result. Raises `RechatError`, or `UsageError` for unknown or invalid arguments."""
        known = {one.name: one for one in self.parameters}
        if unknown := sorted(arguments.keys() - known.keys()):
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise UsageError(f"{self.name} has no argument {unknown[0]}: {takes}")
        # A null argument counts as absent.
        given = {name: value for name, value in arguments.items() if value is not None}
        if missing := [
            one.name for one in self.parameters if one.is_required and one.name not in given
        ]:
            raise UsageError(f"{self.name} needs the argument {missing[0]}")
        return self.run(**{name: known[name].read(value) for name, value in given.items()})
