"""The rules that ``relations.tsv`` must keep; `ontologies.vocabulary` applies them on reading."""

from __future__ import annotations

from collections.abc import Callable

from ontologies.categories import CATEGORIES
from ontologies.tables import Row, Table

__all__ = ["COLUMNS", "TIERS", "category_names", "check_references", "check_row"]

COLUMNS = (
    "name",
    "label",
    "sign",
    "tier",
    "domain",
    "range",
    "inverse",
    "symmetric",
    "composes_with",
    "projected",
    "otherwise",
    "biolink",
    "biolink_qualifiers",
    "ro",
    "indra",
    "bel",
    "signor",
    "drugmechdb",
    "facts",
    "neo4j_type",
    "definition",
    "source",
)
TIERS = ("causal", "structural", "association", "clinical")
_QUALIFIERS = frozenset(
    (
        "object_aspect_qualifier",
        "object_direction_qualifier",
        "qualified_predicate",
        "causal_mechanism_qualifier",
    )
)


def category_names() -> frozenset[str]:
    """Return the names of the categories an entity may have.

    >>> "Gene" in category_names(), "Entity" in category_names()
    (True, False)
    """
    return frozenset(CATEGORIES) - {"Entity"}


def check_row(table: Table, row: Row) -> None:
    """Note every fault that one row has by itself."""
    categories = category_names()
    name, sign = row["name"], row["sign"]
    rules: tuple[tuple[str, bool, str, str], ...] = (
        ("name", not _snake(name), f"{name!r} is not lower case with underscores", "rename it"),
        ("label", row["label"] != name.replace("_", " "), f"{row['label']!r} is not the name in words", "spell it so"),
        ("neo4j_type", row["neo4j_type"] != name.upper(), "is not the name in capitals", f"use {name.upper()}"),
        ("definition", not row["definition"], "is empty", "say what the relation means"),
        ("source", not row["source"], "is empty", "say where the definition comes from"),
        ("domain", not row["domain"], "is empty", "list the categories of the subject"),
        ("range", not row["range"], "is empty", "list the categories of the object"),
        ("inverse", not row["inverse"], "is empty", "name the relation read backwards"),
        (
            "symmetric",
            (row["symmetric"] == "true") != (row["inverse"] == name),
            "a symmetric relation, and only one, is its own inverse",
            "mend symmetric or inverse",
        ),
        (
            "symmetric",
            row["symmetric"] == "true" and row["domain"] != row["range"],
            "domain and range of a symmetric relation differ",
            "make them equal",
        ),
        (
            "projected",
            row["projected"] == "true" and sign == "0",
            "an unsigned relation cannot be projected",
            "use false",
        ),
        (
            "projected",
            row["projected"] == "true" and row["tier"] == "association",
            "an association is no effect",
            "use false",
        ),
        ("biolink", bool(row["biolink"]) and not _biolink(row["biolink"]), "is no biolink CURIE", "biolink:name"),
    )
    table.choice(row, "sign", ("-1", "0", "+1"))
    table.choice(row, "tier", TIERS)
    for column in ("symmetric", "projected"):
        table.choice(row, column, ("true", "false"))
    table.subset(row, "domain", categories)
    table.subset(row, "range", categories)
    for column, wrong, problem, fix in rules:
        if wrong:
            table.fault(row.line, column, problem, fix)
    for item in filter(None, row["biolink_qualifiers"].split(";")):
        key, _, value = item.partition("=")
        if key not in _QUALIFIERS or not value:
            table.fault(row.line, "biolink_qualifiers", f"{item!r} is no qualifier", "write key=value;key=value")
    for item in row.list("ro"):
        prefix, _, local = item.removeprefix("~").partition(":")
        if prefix not in ("RO", "BFO") or not (local.isdigit() and len(local) == 7):
            table.fault(row.line, "ro", f"{item!r} is no id of RO or BFO", "write RO:0002212, ~RO:… for a near match")


def check_references(table: Table) -> None:
    """Note every fault between rows: names that do not exist, inverses and counterparts claimed twice."""
    names = {row["name"] for row in table}
    steps = frozenset((*names, *TIERS, "*"))
    used: dict[tuple[str, str], int] = {}

    def once(column: str, line: int, key: str) -> None:
        if (first := used.setdefault((column, key), line)) != line:
            table.fault(line, column, f"{key!r} is taken by line {first}", "map it once")

    columns: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("drugmechdb", lambda word: word.removeprefix("^")),
        ("signor", str),
    )
    for row in table:
        table.subset(row, "composes_with", steps)
        if row["otherwise"] and row["otherwise"] not in names:
            table.fault(row.line, "otherwise", f"{row['otherwise']!r} is no relation", "name a relation of this table")
        if row["inverse"] in names and row["inverse"] != row["name"]:
            table.fault(row.line, "inverse", f"{row['inverse']!r} is a relation itself", "keep one of the two")
        once("inverse", row.line, row["inverse"])
        for column, clean in columns:
            for word in row.list(column):
                once(column, row.line, clean(word))


def _snake(name: str) -> bool:
    return name.isascii() and name.islower() and name.replace("_", "").isalnum() and name[0].isalpha()


def _biolink(text: str) -> bool:
    return _snake(text.removeprefix("~").removeprefix("biolink:")) and text.removeprefix("~").startswith("biolink:")
