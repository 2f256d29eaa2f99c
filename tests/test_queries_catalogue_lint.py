"""The linter of the catalogue: nothing is wrong with what ships, and each kind of fault is found."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ontologies.errors import BadInput
from ontologies.vocabulary import relations
from queries.catalogue import Question, parse_header, question, questions
from queries.catalogue.lint import find_faults, main
from queries.catalogue.question import FOLDERS

TARGETS = question("targets_of_drug")


def _said(changed: Question) -> str:
    return " / ".join(str(fault) for fault in find_faults([changed]))


def test_nothing_is_wrong_with_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    """Every shipped question passes, and the program says how many there are."""
    assert find_faults() == ()
    assert main() == 0
    assert capsys.readouterr().out == f"{len(questions())} questions, 0 faults\n"


def test_every_file_is_a_question_in_both_languages() -> None:
    """The two folders hold the same stems and nothing else, and there are at least thirty."""
    stems = [{path.stem for path in folder.iterdir()} for folder in FOLDERS.values()]
    assert stems[0] == stems[1] == set(questions())
    assert len(questions()) >= 30


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SELECT DISTINCT", "SELECT", "is not DISTINCT"),
        ("WHERE {", "WHERE { GRAPH ?g { ?a ?b ?c }", "GRAPH stands in it"),
        ("ikg:claim_subject", "ikg:claim_subjekt", "ikg:claim_subjekt is no term"),
        ("ikg:claim_subject ?drug", "ikg:claim_subject* ?drug", "has no bound"),
        ("?drug ?min_support\n", "?drug\n", "min_support: the parameter is not used"),
        ("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n", "", "the prefix rdfs: is not declared"),
        ("PREFIX rdfs:", "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX rdfs:", "the prefix owl: is not used"),
        ("WHERE {", "WHERE { BIND(IF(?min_support > 0, 1, 0) AS ?some)", "min_support: the parameter stands in BIND"),
        ("WHERE {", "WHERE { SERVICE <http://example.org/> { ?a ?b ?c }", "SERVICE is not allowed"),
    ],
)
def test_faults_of_sparql_are_found(old: str, new: str, said: str) -> None:
    """What breaks a rule of shipped SPARQL is named with its file."""
    assert old in TARGETS.sparql
    found = _said(replace(TARGETS, sparql=TARGETS.sparql.replace(old, new)))
    assert said in found
    assert "targets_of_drug.rq" in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("RETURN DISTINCT", "RETURN", "RETURN is not DISTINCT"),
        (":Entity", ":Entitty", "Entitty is no label"),
        ("BINDS", "BINDZ", "BINDZ is no label and no relationship type"),
        ("claim_support", "claim_suport", "claim_suport is no property"),
        ("$min_support", "0", "min_support: the parameter is not used"),
        ("t.id AS target", "elementId(t) AS target", "elementId() is an engine's own id"),
        ("MATCH (", "CALL apoc.help('x') YIELD name MATCH (", "CALL of this procedure is not allowed"),
        ("AS asserted\n", "AS asserted ORDER BY target LIMIT 3\n", "LIMIT stands in it"),
    ],
)
def test_faults_of_cypher_are_found(old: str, new: str, said: str) -> None:
    """What breaks a rule of portable Cypher is named with its file."""
    assert old in TARGETS.cypher
    found = _said(replace(TARGETS, cypher=TARGETS.cypher.replace(old, new)))
    assert said in found
    assert "targets_of_drug.cypher" in found


def test_steps_of_mechanisms_are_those_of_the_vocabulary() -> None:
    """What the SPARQL text leaves out of a chain are all signed relations that are not causal or structural, and two more."""
    text = question("shortest_mechanisms").sparql
    left_out = [set(re.findall(r"ikg:(\w+)", names)) for names in re.findall(r"NOT IN \(([^)]*)\)", text)]
    signed = {name for name, entry in relations().items() if entry.sign}
    steps = {name for name in signed if relations()[name].tier in ("causal", "structural")}
    never = signed - steps | {"severity_form_of", "manifestation_of"}
    may_end = {"increased_in", "decreased_in", "increases_risk_of"}
    assert [found - never for found in left_out] == [set()] * 6
    assert sorted(len(never - found) for found in left_out) == [0, 0, 0, 0, 3, 3]
    assert {name for found in left_out for name in never - found} == may_end


def test_unbounded_hops_are_found() -> None:
    """A variable path needs an upper bound."""
    assert "no upper bound" in _said(replace(TARGETS, cypher=TARGETS.cypher + "// [*]\nMATCH (a)-[*]->(b) RETURN DISTINCT a.id"))
    assert find_faults([replace(TARGETS, cypher=TARGETS.cypher + "\nMATCH (a)-[*1..3]->(b) RETURN DISTINCT a.id")]) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# question: Which?\n# column: a | entity | it\n# order: a\nSELECT", "title"),
        ("# title: A\n# title: B\n# question: Which?\n# category: drugs\n# column: a | entity | it\n# order: a\nSELECT", "twice"),
        ("# title: A\n# question: Which?\n# category: dogs\n# column: a | entity | it\n# order: a\nSELECT", "dogs"),
        ("# title: A\n# question: Which?\n# category: drugs\n# column: a | thing | it\n# order: a\nSELECT", "thing"),
        ("# title: A\n# question: Which?\n# category: drugs\n# column: a | entity | it\n# order: b\nSELECT", "b"),
        ("# title: A\n# question: Which?\n# category: drugs\n# param: x\n# column: a | entity | it\n# order: a\nSELECT", "param"),
        ("# titel: A\n# question: Which?\n# category: drugs\n# column: a | entity | it\n# order: a\nSELECT", "titel"),
    ],
    ids=["missing", "twice", "category", "type", "order", "parameter", "misspelt"],
)
def test_bad_headers_say_what_and_where(text: str, said: str) -> None:
    """Each fault of a header is named with the file and what to write."""
    with pytest.raises(BadInput) as caught:
        parse_header(text, mark="#", source="wrong.rq")
    assert said in str(caught.value)
    assert "wrong.rq:" in str(caught.value)
