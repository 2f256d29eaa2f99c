"""Asking a question: parameters are checked before any engine is, and rows come back sorted and typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.rdf import to_quads, to_rdflib
from ontologies.errors import BackendError, BadInput, UnknownThing
from queries.catalogue import (
    CypherAsker,
    Fetched,
    Parameter,
    Question,
    RdflibAsker,
    StoreAsker,
    UnknownQuestion,
    ask,
    check_parameters,
    find_questions,
    question,
    questions,
)
from queries.catalogue.question import read_questions
from queries.catalogue.values import Value, iri_of, read_iri, read_literal, read_plain, read_value
from queries.cypher_engine.answer import CypherAnswer

TARGETS = question("targets_of_drug")
DRUG = "DRUGBANK:DB12159"


class Given:
    """An engine that answers what it was given, and remembers what it was asked."""

    name = "given"

    def __init__(self, *rows: tuple[Any, ...]) -> None:
        self.rows = rows
        self.values: Mapping[str, Value] = {}

    def fetch(self, question: Question, values: Mapping[str, Value], *, timeout: float | None = None) -> Fetched:
        """Return the rows."""
        self.values = values
        return Fetched(list(self.rows))


class GivenCypher:
    """A Cypher engine that answers what it was given."""

    name = "arcadedb"

    def __init__(self, answer: CypherAnswer) -> None:
        self.answer = answer

    def query(self, *_: Any, **__: Any) -> CypherAnswer:
        """Return the answer."""
        return self.answer

    def close(self) -> None:
        """Do nothing."""


def _row(name: str | None, support: int, *, asserted: bool = True, curie: str = "HGNC:1") -> tuple[Any, ...]:
    return (curie, name, "Gene", "binds", 0, support, 0, 0, "supported", asserted)


def test_rows_are_sorted_by_the_header_and_what_is_missing_comes_last() -> None:
    """Asserted rows first, then by support, then by name; None behind every name; equal rows are one."""
    rows = [_row(None, 2), _row("b", 2), _row("a", 2), _row("a", 3), _row("z", 9, asserted=False), _row("a", 3)]
    answer = ask(TARGETS, Given(*rows), {"drug": DRUG})
    assert [(row[1], row[5]) for row in answer] == [("a", 3), ("a", 2), ("b", 2), (None, 2), ("z", 9)]


def test_ties_are_sorted_by_all_columns() -> None:
    """The order of the engine never shows."""
    rows = [_row("a", 1, curie=f"HGNC:{number}") for number in (3, 1, 2)]
    assert [row[0] for row in ask(TARGETS, Given(*rows), {"drug": DRUG})] == ["HGNC:1", "HGNC:2", "HGNC:3"]


def test_the_limit_cuts_sorted_rows_and_says_so() -> None:
    """What is cut is what comes last in the order, not what the engine gave last."""
    answer = ask(TARGETS, Given(_row("b", 1), _row("a", 1), _row("c", 5)), {"drug": DRUG}, limit=2)
    assert [row[1] for row in answer] == ["c", "a"]
    assert answer.truncated == "the first 2 of 3 rows"
    assert ask(TARGETS, Given(_row("a", 1)), {"drug": DRUG}, limit=1).truncated == ""
    with pytest.raises(BadInput, match="at most -1 rows"):
        ask(TARGETS, Given(), {"drug": DRUG}, limit=-1)


def test_an_answer_becomes_dicts_arrow_and_pandas() -> None:
    """Columns keep their names and types, also where nothing was found."""
    answer = ask(TARGETS, Given(_row("IL4R", 7), _row(None, 1)), {"drug": DRUG})
    assert answer.to_dicts()[0]["target_name"] == "IL4R"
    assert (len(answer), answer.engine, answer.question) == (2, "given", "targets_of_drug")
    assert answer.to_arrow().schema.field("support").type == "int64"
    assert ask(TARGETS, Given(), {"drug": DRUG}).to_arrow().schema.field("asserted").type == "bool"
    frame = answer.to_pandas()
    assert list(frame.columns) == list(answer.columns)
    assert frame["support"].tolist() == [7, 1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "parameter 'drug': must be given; e.g. drug=DRUGBANK:DB12159"),
        ({"drug": " "}, "must be given"),
        ({"drug": "dupilumab"}, "'dupilumab' is not a CURIE"),
        ({"drug": 3}, "'3' is no entity"),
        ({"drug": DRUG, "min_support": "many"}, "'many' is no integer; e.g. min_support=2"),
        ({"drug": DRUG, "min_support": True}, "'True' is no integer"),
        ({"drug": DRUG, "min_support": 2**63}, "at most 63 bits"),
        ({"drug": DRUG, "min_suport": 1}, "'min_suport' (it has: drug, min_support); did you mean 'min_support'?"),
    ],
)
def test_bad_parameters_are_named(given: dict[str, Any], said: str) -> None:
    """One error for each, before any engine is asked, with the question, the parameter and an example."""
    with pytest.raises(BadInput) as caught:
        ask(TARGETS, Given(), given)
    assert said in str(caught.value)
    assert str(caught.value).startswith("targets_of_drug: ")


def test_all_faults_are_told_at_once() -> None:
    """A missing, a wrong and an unknown parameter in one message."""
    with pytest.raises(BadInput) as caught:
        check_parameters(TARGETS, {"min_support": "x", "dose": 3})
    assert all(part in str(caught.value) for part in ("'dose'", "'drug': must be given", "'x' is no integer"))
    with pytest.raises(BadInput, match="this question has none"):
        check_parameters(question("sub_studies"), {"dose": 3})


def test_what_is_not_given_has_its_default() -> None:
    """Any is the empty text, for every type; a default is read like a given value."""
    asker = Given()
    ask(question("known_at_date"), asker, {"about": "drugbank:DB12159"})
    assert asker.values == {"about": DRUG, "day": "2018-10-10"}
    assert check_parameters(question("recruitment_of_cells"), {"of_cell": None}) == {"of_cell": ""}


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        ("entity", "UniProt:P24394", "UniProtKB:P24394"),
        ("publication", "PMID:1", "PMID:1"),
        ("relation", "treats", "treats"),
        ("statement", "https://w3id.org/immunokg/statement/" + "A" * 64, "a" * 64),
        ("integer", " 3 ", 3),
        ("number", "1e-5", 1e-05),
        ("number", 2, 2.0),
        ("boolean", "Yes", True),
        ("boolean", False, False),
        ("date", "2020", "2020-12-31"),
        ("date", "2020-02", "2020-02-29"),
        ("date", dt.date(2018, 10, 10), "2018-10-10"),
        ("text", " manual_agent ", "manual_agent"),
    ],
)
def test_values_are_spelled_once(kind: str, given: Any, read: Value) -> None:
    """Text and Python values of each type are read to one spelling."""
    assert read_value(Parameter("x", kind, None, "example", "it"), given) == read


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("relation", "treat", "unknown relation 'treat'"),
        ("statement", "abc", "64 hexadecimal digits"),
        ("integer", 1.5, "'1.5' is no integer"),
        ("number", "nan", "finite"),
        ("number", True, "'True' is no number"),
        ("boolean", "perhaps", "true or false"),
        ("date", "10/10/2018", "written YYYY"),
        ("date", "2018-13", "there is no day"),
        ("date", "2018-02-30", "there is no day"),
        ("text", 3, "'3' is no text"),
        ("entity", "HGNC:not-a-number", "HGNC"),
        ("entity", "x" * 700, "longer than any identifier"),
    ],
)
def test_values_that_are_none_of_their_type_are_refused(kind: str, given: Any, said: str) -> None:
    """Each with what is wrong and the example of the parameter."""
    with pytest.raises(BadInput) as caught:
        read_value(Parameter("x", kind, None, "EXAMPLE", "it"), given)
    assert said in str(caught.value)
    assert str(caught.value).endswith("e.g. x=EXAMPLE")


def test_unknown_questions_have_candidates() -> None:
    """A name that is spelled alike, else the questions that speak of the same."""
    with pytest.raises(UnknownQuestion) as caught:
        question("target_of_drugs")
    assert "targets_of_drug" in caught.value.candidates
    assert isinstance(caught.value, UnknownThing)
    with pytest.raises(UnknownQuestion) as caught:
        question("rechallenge cytokine xyzzy")
    assert caught.value.candidates == ()
    assert question(" Targets-Of-Drug ") == TARGETS


def test_questions_are_found_by_what_they_speak_of() -> None:
    """Every word must be there, in name, title, question or description; no word finds all."""
    assert "paradoxical_drugs" in [found.name for found in find_questions("worsen improve")]
    assert find_questions() == tuple(questions().values())
    assert find_questions("xyzzy") == ()


@pytest.mark.parametrize("name", questions())
def test_examples_can_be_asked(name: str) -> None:
    """Every example and every default is a value of its type, and what is required has one."""
    asked = question(name)
    assert check_parameters(asked, asked.examples(all_given=True)).keys() == {p.name for p in asked.parameters}
    assert check_parameters(asked, asked.examples()).keys() == {p.name for p in asked.parameters}


def test_values_in_rdf() -> None:
    """Entities, publications, relations and statements are IRIs; everything else, and what is not given, is a literal."""
    assert iri_of("relation", "treats") == "https://w3id.org/immunokg/treats"
    assert iri_of("statement", "a" * 64) == "https://w3id.org/immunokg/statement/" + "a" * 64
    assert iri_of("text", "treats") is iri_of("relation", "") is iri_of("date", "2018-10-10") is None
    assert read_iri("evidence", "https://w3id.org/immunokg/evidence/" + "b" * 64) == "b" * 64
    assert read_iri("category", "https://w3id.org/immunokg/Biomarker") == "Biomarker"


@pytest.mark.parametrize(
    ("read", "kind", "value"),
    [
        (read_iri, "relation", "https://w3id.org/immunokg/nonsense"),
        (read_iri, "statement", "https://w3id.org/immunokg/claim/" + "a" * 64),
        (read_iri, "text", "https://w3id.org/immunokg/treats"),
        (read_literal, "integer", "three"),
        (read_literal, "boolean", "maybe"),
        (read_plain, "integer", 1.0),
        (read_plain, "integer", True),
        (read_plain, "boolean", 1),
        (read_plain, "text", 1),
        (read_plain, "number", "1"),
    ],
)
def test_cells_that_are_none_of_their_type_blame_the_text(read: Any, kind: str, value: Any) -> None:
    """A query text that gives something else than its header says fails, and never shows a wrong value."""
    with pytest.raises(BackendError, match="the query text is wrong"):
        read(kind, value)


def test_columns_must_be_those_of_the_header(small_graph: Graph) -> None:
    """Another SELECT or RETURN than the header's is an error on every engine."""
    store = ox.Store()
    store.extend(to_quads(small_graph))
    wrong = replace(TARGETS, sparql=TARGETS.sparql.replace("?target ?target_name", "?target_name ?target", 1))
    for asker in (StoreAsker(store), RdflibAsker(to_rdflib(small_graph))):
        with pytest.raises(BackendError, match=r"targets_of_drug\.rq selects"):
            ask(wrong, asker, {"drug": DRUG})
        assert len(ask(TARGETS, asker, {"drug": DRUG})) == 1
    with pytest.raises(BackendError, match=r"targets_of_drug\.cypher gives the columns"):
        ask(TARGETS, CypherAsker(GivenCypher(CypherAnswer(("a",), ((1,),)))), {"drug": DRUG})


def test_files_must_come_in_pairs_with_one_header(tmp_path: Path) -> None:
    """A question in one language only, or with two headers, cannot be read."""
    folders = {".rq": tmp_path / "sparql", ".cypher": tmp_path / "cypher"}
    for folder in folders.values():
        folder.mkdir()
    header = "# title: A\n# question: Which?\n# category: drugs\n# column: a | entity | it\n# order: a\n"
    (folders[".rq"] / "one.rq").write_text(header + "SELECT", "utf-8")
    with pytest.raises(BadInput, match="one language only") as caught:
        read_questions(folders)
    assert "one.cypher" in str(caught.value)
    (folders[".cypher"] / "one.cypher").write_text(header.replace("# ", "// ").replace("| it", "| that") + "RETURN", "utf-8")
    with pytest.raises(BadInput, match="headers of one differ") as caught:
        read_questions(folders)
    assert "columns" in str(caught.value)
    (folders[".cypher"] / "one.cypher").write_text(header.replace("# ", "// ") + "RETURN", "utf-8")
    assert list(read_questions(folders)) == ["one"]
