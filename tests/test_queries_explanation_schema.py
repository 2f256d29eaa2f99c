"""The published JSON form and the values behind it say the same, field by field."""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass
from importlib.resources import files
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from kg.model import CONTEXT_KEYS
from queries.explanation import answer, shown

SCHEMA: dict[str, Any] = json.loads(files("queries").joinpath("explanation.schema.json").read_text("utf-8"))
DEFS: dict[str, Any] = SCHEMA["$defs"]

#: Names in the schema that differ from those in Python.
NAMES = {"ClinicalFinding": "clinical", "EvidenceItem": "evidence", "StepStatement": "statement"}
TYPES = sorted(
    {
        value for module in (answer, shown) for value in vars(module).values()
        if isinstance(value, type) and is_dataclass(value) and value is not answer.Explanation
    },
    key=lambda kind: kind.__name__,
)  # fmt: skip


def _name(kind: type) -> str:
    return NAMES.get(kind.__name__, kind.__name__[0].lower() + kind.__name__[1:])


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return _resolved(DEFS[schema["$ref"].removeprefix("#/$defs/")]) if "$ref" in schema else schema


def _fault(hint: Any, schema: dict[str, Any]) -> str:
    """Return what is wrong when a value of the Python type is described by the schema, or ""."""
    if is_dataclass(hint):
        wanted = f"#/$defs/{_name(hint)}" if isinstance(hint, type) else ""
        return "" if schema.get("$ref") == wanted else f"{schema} is not {wanted}"
    schema = _resolved(schema)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "" if sorted(schema.get("enum", ())) == sorted(args) else f"{schema} does not list {args}"
    if origin in (Union, types.UnionType):
        inner, none = (a for a in args), schema.get("anyOf", [{}, {}])
        if type(None) not in args or none[-1] != {"type": "null"}:
            return f"{schema} does not allow null"
        return _fault(next(a for a in inner if a is not type(None)), none[0])
    if origin is tuple:
        if schema.get("type") != "array":
            return f"{schema} is no array"
        if args[-1] is Ellipsis:
            return _fault(args[0], schema["items"])
        faults = [_fault(a, s) for a, s in zip(args, schema["prefixItems"], strict=True)]
        return next((f for f in faults if f), "") or ("" if schema["items"] is False else f"{schema} is open")
    if origin is dict:
        return _fault(args[1], schema["additionalProperties"]) if schema.get("type") == "object" else f"{schema} is no object"
    plain = {str: "string", int: "integer", float: "number", bool: "boolean"}[hint]
    if "enum" in schema:
        return "" if all(type(value) is hint for value in schema["enum"]) else f"{schema} lists no {plain}"
    return "" if schema.get("type") == plain else f"{schema} is no {plain}"


def _agree(kind: type, schema: dict[str, Any]) -> None:
    names = [field.name for field in fields(kind)]
    assert list(schema["properties"]) == names
    assert schema["required"] == names, "every field is always written"
    assert schema["additionalProperties"] is False
    hints = get_type_hints(kind)
    assert {name: fault for name in names if (fault := _fault(hints[name], schema["properties"][name]))} == {}


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_every_value_is_published_field_by_field(kind: type) -> None:
    """Same fields in the same order, same types, all written, nothing else allowed."""
    _agree(kind, DEFS[_name(kind)])
    assert DEFS[_name(kind)]["description"]


def test_the_answer_itself_is_published_field_by_field() -> None:
    """The top of the schema is the explanation."""
    _agree(answer.Explanation, SCHEMA)


def test_schema_is_sound_and_every_part_of_it_is_used() -> None:
    """It is a valid schema without definitions that nothing refers to, and its contexts are those of the model."""
    Draft202012Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)
    assert [name for name in DEFS if f'"#/$defs/{name}"' not in text] == []
    assert tuple(DEFS["context"]["propertyNames"]["enum"]) == CONTEXT_KEYS


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "integer"}), (tuple[str, ...], {"type": "string"}), (float | None, {"type": "number"}),
        (Literal["a", "b"], {"enum": ["a"]}), (dict[str, float], {"type": "array"}), (shown.Node, {"$ref": "#/$defs/path"}),
    ],
)  # fmt: skip
def test_disagreement_is_seen(hint: Any, schema: dict[str, Any]) -> None:
    """The comparison that the other tests rest on finds a difference where there is one."""
    assert _fault(hint, schema)
