"""What completion offers at a cursor, in SPARQL, in Cypher and in commands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunokg.shell.clauses import Language
from immunokg.shell.completion import complete
from immunokg.shell.cypher_words import labels, properties, types, values_of
from immunokg.shell.sparql_words import all_terms, sparql_name
from immunokg.shell.words import Word, fitting
from kg.property_graph import KINDS, RELATION_PROPERTIES
from kg.property_graph import labels as label_table
from kg.property_graph import types as type_table
from ontologies.entity import Entity

ENTITIES = (
    Entity("DRUGBANK:DB12159", "dupilumab", "Drug", synonyms=("Dupixent",)),
    Entity("MONDO:0005340", "alopecia areata", "Disease"),
    Entity("HGNC:6015", "IL4R", "Gene"),
    Entity("HGNC:6014", "IL4", "Gene"),
    Entity("DOI:10.1/a.b", 'a "quoted" \\ name', "Case"),
)


def _find(text: str) -> Sequence[Entity]:
    low = text.lower()
    return [e for e in ENTITIES if any(name.lower().startswith(low) for name in (e.name, e.curie, *e.synonyms))]


def offered(text: str, language: Language) -> list[str]:
    """Return the texts that are offered where ``|`` stands in the text (else at its end)."""
    before, _, after = text.partition("¦")
    return [c.text for c in complete(before + after, len(before), language, _find, parameters=("drug", "n"))]


def accepted(text: str, language: Language) -> list[str]:
    """Return what the whole text is after each offer is taken."""
    before, _, after = text.partition("¦")
    found = complete(before + after, len(before), language, _find, parameters=("drug",))
    return [before[: len(before) - c.replaced] + c.text + after for c in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SEL", ["SELECT", "SELECT DISTINCT"]),
        ("select * { filter n", ["NOT IN", "NOW("]),
        ("SELECT ?d { ?d ikg:decreases_act", ["decreases_activity_of"]),
        ("SELECT ?d { ?d ikg:activity_of", ["decreases_activity_of", "increases_activity_of"]),
        ("SELECT ?d { ?d decreases_act", ["ikg:decreases_activity_of"]),
        ("SELECT ?d { ?d a biolink:Dis", ["Disease", "DiseaseOrPhenotypicFeatureToLocationAssociation"]),
        ("SELECT ?d { ?d rdf:type ikg:Ev", ["Evidence"]),
        ("SELECT ?d { ?e ikg:Evid", []),
        ("SELECT ?d { ?d ?p ?o FILTER(?d < ikg:Evid", ["Evidence"]),
        ("SELECT ?d { ?e ikg:sign 1 ; ikg:ver", ["verdict"]),
        ("SELECT ?d { ?e ikg:sign 1 . ?e ikg:ver", ["verdict"]),
        ("SELECT ?d { ?e ikg:has_statement/ikg:ver", ["verdict"]),
        ("SELECT ?d { FILTER(?x > 3) ?e ikg:ver", ["verdict"]),
        ("SELECT ?d { OPTIONAL { ?e ikg:ver", ["verdict"]),
        ("SELECT ?d { ?d ikg:treats HGNC:60", ["HGNC:6015", "HGNC:6014"]),
        ("SELECT ?d { ?d ikg:treats HGNC:IL4R", ["HGNC:6015"]),
        ("SELECT ?d { ?d ikg:treats MONDO:IL4R", []),
        ("SELECT ?d ?drug { ?dr", ["?drug"]),
        ("SELECT ?d $drug { ¦ } ORDER BY ?other", ["?d", "?drug", "?other"]),
        ("SELECT ?d { ?¦ ?p ?other }", ["?d", "?p", "?other"]),
        ("SELECT ?d { $¦ ?p 1 }", ["$d", "$p"]),
        ("SELECT ?d { ?d rdfs:la", ["label"]),
        ("SELECT ?d { ?d skos:", ["altLabel", "closeMatch", "exactMatch"]),
        ("SELECT ?d { # ikg:Ev", []),
        ("SELECT ?d { ?d ?p <http://ikg:Ev", []),
        ("ASK {}; DESCR", ["DESCRIBE"]),
        ("ASK {}\n\nDESCR", ["DESCRIBE"]),
        ("SELECT ?d { ?d rdfs:label \"dupi\"@e", []),
        ("SELECT ?d { FILTER(STRST", ["STRSTARTS("]),
        ("SELECT ?d { ?d rdfs:label '''dupi", ["dupilumab'''", "DRUGBANK:DB12159"]),
    ],
)  # fmt: skip
def test_sparql_offers(text: str, expected: list[str]) -> None:
    """Terms after a prefix, classes after `a`, variables after ?, entities of the prefix, nothing in comments and IRIs."""
    found = offered(text, "sparql")
    assert found[: len(expected)] == expected
    if not expected or text.endswith(("ver", "label", ":Ev")):
        assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MAT", ["MATCH", "OPTIONAL MATCH"]),
        ("MATCH (d:Dr", ["Drug"]),
        ("MATCH (:Dr", ["Drug"]),
        ("MATCH (d:Gene:Rec", ["Receptor", "ChemokineReceptor"]),
        ("MATCH (d:Gene|Dru", ["Drug"]),
        ("MATCH (d:!Dru", ["Drug"]),
        ("MATCH (d)-[:DECREASES_ACT", ["DECREASES_ACTIVITY_OF"]),
        ("MATCH (d)-[r:TREATS|CAUS", ["CAUSES"]),
        ("MATCH (d)<-[r:SUBJ", ["SUBJECT"]),
        ("MATCH (s:Statement {veri", []),
        ("MATCH (s:Statement {verd", ["verdict", "claim_verdict"]),
        ("MATCH (s:Statement {id: 'x', verd", ["verdict", "claim_verdict"]),
        ("MATCH (s:Publication {", list(KINDS["Publication"])),
        ("MATCH (d)-[r:TREATS {", list(RELATION_PROPERTIES)),
        ("MATCH (d:Cytokine) RETURN d.", list(KINDS["Entity"])),
        ("MATCH (d)-[r]->() RETURN r.", list(RELATION_PROPERTIES)),
        ("MATCH (d)-[r:HAS_CONDITION]->() RETURN r.", ["group"]),
        ("MATCH (e:Evidence) RETURN e.effect_v", ["effect_value"]),
        ("RETURN e.eff¦ MATCH (e:Evidence)", ["effect_measure", "effect_value", "effect_low", "effect_high", "effect_unit"]),
        ("MATCH (c:Condition) RETURN c {.", list(KINDS["Condition"])),
        ("MATCH (c:Condition) RETURN c {.id, .un", ["unit"]),
        ("MATCH (d {id: $", ["drug", "n"]),
        ("MATCH (d {id: $dr", ["drug"]),
        ("MATCH (d) WHERE d:Dru", ["Drug"]),
        ("MATCH ()-[r]-() WHERE r:TREA", ["TREATS"]),
        ("MATCH (s:Statement {tier: ", ['"causal"', '"structural"', '"association"', '"clinical"']),
        ("MATCH (s {tier: 'str", ["structural'"]),
        ("MATCH (s) WHERE s.stance IN ['null', \"ref", ['refutes"']),
        ("MATCH ()-[r]-() WHERE type(r) = 'TREA", ["TREATS'"]),
        ("CALL db.la", ["db.labels()"]),
        ("CALL db", ["db.labels()", "db.propertyKeys()", "db.relationshipTypes()"]),
        ("MATCH (d) CALL { MATCH (x:Dru", ["Drug"]),
        ("MATCH (d) CALL (d) { MAT", ["MATCH", "OPTIONAL MATCH"]),
        ("MATCH (d) WHERE EXISTS { MAT", ["MATCH", "OPTIONAL MATCH"]),
        ("MATCH (drug)-[rel]->(x) RETURN re", ["rel"]),
        ("MATCH p = (a)-->(b) RETURN len", ["length("]),
        ("RETURN 1 AS one WITH on", ["one"]),
        ("RETURN 1 // MAT", []),
        ("RETURN 1 /* MAT", []),
        ("MATCH (d:`Dr", []),
        ("RETURN 1.", []),
        ("RETURN 1; MATCH (d:Dru", ["Drug"]),
    ],
)
def test_cypher_offers(text: str, expected: list[str]) -> None:
    """Labels in nodes, types in relationships, properties of what a variable is, values of a closed property, parameters."""
    found = offered(text, "cypher")
    assert found[: len(expected)] == expected
    if not expected or text.endswith((".", "{", "$")):
        assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("sparql", "ASK { ?x ikg:treats @alopecia ar", ["ASK { ?x ikg:treats MONDO:0005340"]),
        ("sparql", "ASK { @Dupix¦ ?p ?o }", ["ASK { DRUGBANK:DB12159 ?p ?o }"]),
        ("sparql", 'ASK { ?x ikg:treats "dupi', ["ASK { ?x ikg:treats DRUGBANK:DB12159", 'ASK { ?x ikg:treats "dupilumab"']),
        ("sparql", 'ASK { ?x rdfs:label "dupi', ['ASK { ?x rdfs:label "dupilumab"', "ASK { ?x rdfs:label DRUGBANK:DB12159"]),
        ("sparql", 'ASK { ?x rdfs:label "dupi¦" }', ['ASK { ?x rdfs:label "dupilumab" }']),
        ("sparql", "ASK { FILTER(?n = 'alop", ["ASK { FILTER(?n = 'alopecia areata'", "ASK { FILTER(?n = MONDO:0005340"]),
        ("sparql", "ASK { ?x ikg:publication @a \\", []),
        ("cypher", "MATCH (d {id: @dupi", ['MATCH (d {id: "DRUGBANK:DB12159"']),
        ("cypher", "MATCH (d {id: 'dupi", ["MATCH (d {id: 'DRUGBANK:DB12159'", "MATCH (d {id: 'dupilumab'"]),
        ("cypher", "MATCH (d {name: 'dupi", ["MATCH (d {name: 'dupilumab'", "MATCH (d {name: 'DRUGBANK:DB12159'"]),
        ("cypher", "MATCH (d {name: 'dupi¦'})", ["MATCH (d {name: 'dupilumab'})", "MATCH (d {name: 'DRUGBANK:DB12159'})"]),
        ("cypher", "MATCH (d) WHERE d.name STARTS WITH \"alopecia", ['MATCH (d) WHERE d.name STARTS WITH "alopecia areata"',
                                                                     'MATCH (d) WHERE d.name STARTS WITH "MONDO:0005340"']),
        ("cypher", 'MATCH (d {name: "a \\', []),
        ("cypher", 'MATCH (d {name: "a ', [r'MATCH (d {name: "a \"quoted\" \\ name"', 'MATCH (d {name: "DOI:10.1/a.b"']),
    ],
)  # fmt: skip
def test_names_become_curies(language: Language, text: str, expected: list[str]) -> None:
    """A name after @ or in quotes becomes the CURIE, or the full name where names stand; quotes are closed, and once only."""
    assert accepted(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".q", [".queries", ".query", ".quit"]),
        (".format j", ["json", "jsonl"]),
        (".engine ", ["oxigraph", "arcadedb", "neo4j"]),
        (".query targets_of", ["targets_of_drug"]),
        (".show targets_of", ["targets_of_drug"]),
        (".query targets_of_drug dr", ["drug="]),
        (".query targets_of_drug drug=x ", ["min_support="]),
        (".query targets_of_drug drug=dupi", ["DRUGBANK:DB12159"]),
        (".query targets_of_drug drug='alopecia ar", ["MONDO:0005340"]),
        (".query targets_of_drug min_support=", ["0", "2"]),
        (".query targets_of_drug nothing=", []),
        (".query no_such_question d", []),
        (".find alop", ["alopecia areata"]),
        (".find ", []),
        (".schema Drug", ["Drug"]),
        (".param d", ["drug="]),
        (".param ", ["drug=", "n="]),
        (".quit ", []),
        ("ASK {}; .for", [".format"]),
        ("ASK {}\n.for", [".format"]),
    ],
)
def test_commands_offer(text: str, expected: list[str]) -> None:
    """Names of commands, and what each of them takes."""
    found = offered(text, "sparql")
    assert found[: len(expected)] == expected
    assert expected or not found


def test_files_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders end with a slash, hidden files must be asked for, what cannot be read offers nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "questions").mkdir()
    for name in ("quick.rq", ".hidden.rq", "questions/one.cypher"):
        (tmp_path / name).write_text("", "utf-8")
    assert accepted(".read q", "sparql") == [".read questions/", ".read quick.rq"] or os.name == "nt"
    assert accepted(".read ", "sparql") == [".read questions/", ".read quick.rq"]
    assert accepted(".read .h", "sparql") == [".read .hidden.rq"]
    assert accepted(".save questions/o", "cypher") == [".save questions/one.cypher"]
    assert accepted(f".read {tmp_path.as_posix()}/qui", "sparql") == [f".read {tmp_path.as_posix()}/quick.rq"]
    assert accepted(".read nowhere/", "sparql") == []


def test_words_come_from_the_closed_tables() -> None:
    """Completion knows every label, type and property, and no other."""
    assert {word.text for word in labels()} == label_table()
    assert {word.text for word in types()} == type_table()
    for kind, known in KINDS.items():
        assert [word.text for word in properties([kind])] == list(known)
    assert {"id", "group", "statement_id", "pmid"} <= {word.text for word in properties()}
    assert [word.text for word in values_of("name")] == []
    assert all(word.about for word in (*labels(), *types()))


def test_terms_are_written_as_sparql_reads_them() -> None:
    """Every term offered has a known prefix and a local name; a CURIE that is no such name is written as an IRI."""
    assert all(sparql_name(word.text) == word.text for word in all_terms())
    assert sparql_name("DOI:10.1/a.b") == "<https://doi.org/10.1/a.b>"
    assert sparql_name("ikg:severe-alopecia-areata") == "ikg:severe-alopecia-areata"
    assert sparql_name("GO:1.") == "<http://purl.obolibrary.org/obo/GO_1.>"


def test_beginnings_come_before_parts() -> None:
    """What begins with the typed letters comes first, whatever their case; then words of which a part does."""
    words = [Word("biolink:Drug"), Word("hasDrug"), Word("Drugstore"), Word("DRUG_OF"), Word("adrug")]
    assert [c.text for c in fitting(words, "drug")] == ["Drugstore", "DRUG_OF", "biolink:Drug", "hasDrug"]
    assert [c.replaced for c in fitting(words, "drug")] == [4, 4, 4, 4]


@given(
    language=st.sampled_from(("sparql", "cypher")),
    text=st.lists(
        st.sampled_from(
            ["MATCH ", "(", ")", "[", "]", "{", "}", "-", "d", ":", ".", "$", "@", "'", '"', "`", "|", "CALL ", "?x ", "ikg:",
             "a ", ";", "\n", "# ", "//", "/*", "=", ",", "RETURN ", "<", "il", "type", "WHERE "]
        ),
        max_size=14,
    ),
    cursor=st.integers(0, 40),
)  # fmt: skip
def test_tab_anywhere_is_harmless(language: Language, text: list[str], cursor: int) -> None:
    """Whatever is typed and wherever the cursor stands, what is offered fits before the cursor."""
    whole = "".join(text)
    at = min(cursor, len(whole))
    for candidate in complete(whole, at, language, _find):
        assert 0 <= candidate.replaced <= at
        assert candidate.text
        assert "\n" not in candidate.text


def test_a_very_long_text_is_left_alone() -> None:
    """Tab answers at once whatever was pasted."""
    text = "MATCH (d:Drug) " * 5000
    assert complete(text + "MAT", len(text) + 3, "cypher", _find) == []
