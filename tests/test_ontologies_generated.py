"""The generated files are what the tables say, parse in two libraries, and the shapes find what they should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ontologies import relation_names
from ontologies.generate import main, stale
from ontologies.generation import artefacts
from ontologies.rdf_terms import rdf_terms
from ontologies.vocabulary import NAMESPACE, relations

PREFIXES = """\
@prefix biolink: <https://w3id.org/biolink/vocab/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ikg: <https://w3id.org/immunokg/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DUPILUMAB = """\
<http://identifiers.org/drugbank/DB12159> a biolink:Drug ; rdfs:label "dupilumab" ; dct:identifier "DRUGBANK:DB12159" .
<http://identifiers.org/hgnc/6015> a biolink:Gene ; rdfs:label "IL4R" ; dct:identifier "HGNC:6015" .
<https://w3id.org/immunokg/statement/STATEMENT> a ikg:Statement, biolink:ChemicalAffectsGeneAssociation ;
    rdf:subject <http://identifiers.org/drugbank/DB12159> ; rdf:predicate ikg:decreases_activity_of ;
    rdf:object <http://identifiers.org/hgnc/6015> ; ikg:sign -1 ;
    ikg:support_count 1 ; ikg:refute_count 0 ; ikg:null_count 0 ; biolink:has_confidence_score 0.6e0 ;
    biolink:knowledge_level "observation" ; biolink:agent_type "manual_agent" .
<https://w3id.org/immunokg/evidence/E> a ikg:Evidence ;
    ikg:supports <https://w3id.org/immunokg/statement/STATEMENT> ;
    ikg:publication <https://doi.org/10.1001/jamadermatol.2018.2976> ; ikg:study ikg:study-1 ;
    ikg:study_type "case_report" ; biolink:knowledge_level "observation" ; biolink:agent_type "manual_agent" .
ikg:study-1 a ikg:Study ; ikg:study_key "INDEX-CASE-2018" .
<https://doi.org/10.1001/jamadermatol.2018.2976> a ikg:Publication ; ikg:doi "10.1001/jamadermatol.2018.2976" ;
    dct:identifier "DOI:10.1001/jamadermatol.2018.2976" ; ikg:date_precision "day" ;
    dct:issued "2018-10-10"^^xsd:date .
""".replace("STATEMENT", "0" * 64)


@pytest.mark.parametrize("name", artefacts())
def test_committed_file_is_the_generated_one(repo_root: Path, name: str) -> None:
    """`python -m ontologies.generate` would change nothing."""
    assert (repo_root / name).read_text("utf-8") == artefacts()[name]


def test_check_names_stale_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed file is found; a checkout in order passes; a wrong option is usage."""
    for name, text in artefacts().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "ontologies" / "shapes.ttl").write_text("# old\n", encoding="utf-8")
    assert [path.name for path in stale(tmp_path)] == ["shapes.ttl"]
    assert main(["--check"]) == 0
    assert main(["--chekc"]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["immunokg.ttl", "shapes.ttl"])
def test_turtle_parses_alike_in_both_libraries(repo_root: Path, name: str) -> None:
    """Oxigraph and rdflib read the same number of triples."""
    import pyoxigraph
    import rdflib

    path = repo_root / "ontologies" / name
    seen = {str(t) for t in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)}
    assert len(seen) == len(rdflib.Graph().parse(path)) > 500


def test_vocabulary_holds_every_word_and_no_other(repo_root: Path) -> None:
    """Python constants, tables and Turtle name the same relations, classes and properties."""
    import rdflib

    graph = rdflib.Graph().parse(repo_root / "ontologies" / "immunokg.ttl")
    kinds = [rdflib.OWL[k] for k in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")]
    defined = {str(s).removeprefix(NAMESPACE) for kind in kinds for s in graph.subjects(rdflib.RDF.type, kind)}
    assert defined == {*relations(), *rdf_terms()}
    constants = {getattr(relation_names, name) for name in relation_names.__all__}
    assert constants == set(relations())
    sign = rdflib.URIRef(NAMESPACE + "sign")
    stated = {str(s).removeprefix(NAMESPACE): int(str(o)) for s, o in graph.subject_objects(sign)}
    assert stated == {name: entry.sign for name, entry in relations().items()}
    for name in ("positively_affects", "negatively_affects"):
        parents = set(graph.objects(rdflib.URIRef(NAMESPACE + name), rdflib.RDFS.subPropertyOf))
        assert parents == {rdflib.URIRef("https://w3id.org/biolink/vocab/affects")}


def test_words_used_in_shapes_are_defined(repo_root: Path) -> None:
    """Every property path of ours in the shapes is a term of the table."""
    import rdflib

    graph = rdflib.Graph().parse(repo_root / "ontologies" / "shapes.ttl")
    paths = {str(o) for o in graph.objects(None, rdflib.SH.path) if str(o).startswith(NAMESPACE)}
    assert {path.removeprefix(NAMESPACE) for path in paths} <= set(rdf_terms())


# rdflib's JSON-LD parser uses a class that rdflib itself calls deprecated
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("library", ["pyoxigraph", "rdflib"])
def test_context_expands_short_names(repo_root: Path, library: str) -> None:
    """JSON with our context is RDF; prefixes that end in an underscore work too, and nothing is fetched."""
    document = json.loads((repo_root / "ontologies" / "context.jsonld").read_text("utf-8"))
    assert "http" not in json.dumps([v for v in document["@context"].values() if isinstance(v, str)])
    document |= {
        "id": "HGNC:6015",
        "type": "Gene",
        "label": "IL4R",
        "context_disease": "MONDO:0004980",
        "participates_in": "ikg:type-2-response",
        "sign": -1,
    }
    text = json.dumps(document)
    if library == "rdflib":
        import rdflib

        triples = {(str(p), str(o)) for _, p, o in rdflib.Graph().parse(data=text, format="json-ld")}
    else:
        import pyoxigraph

        quads = pyoxigraph.parse(input=text, format=pyoxigraph.RdfFormat.JSON_LD)
        triples = {(q.predicate.value, getattr(q.object, "value", "")) for q in quads}
    assert triples == {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "https://w3id.org/biolink/vocab/Gene"),
        ("http://www.w3.org/2000/01/rdf-schema#label", "IL4R"),
        (NAMESPACE + "context_disease", "http://purl.obolibrary.org/obo/MONDO_0004980"),
        (NAMESPACE + "participates_in", NAMESPACE + "type-2-response"),
        (NAMESPACE + "sign", "-1"),
    }


FAULTS: dict[str, tuple[str, str, str]] = {
    "no label": ('rdfs:label "IL4R" ; ', "", "an entity has exactly one label"),
    "category": ("a biolink:Gene", "a biolink:Gen", "an entity has exactly one category"),
    "two categories": ("a biolink:Gene", "a biolink:Gene, biolink:Drug", "an entity has exactly one category"),
    "CURIE": ('"HGNC:6015"', '"HGNC:IL4R"', "fits the pattern of its prefix"),
    "relation": ("ikg:decreases_activity_of", "ikg:inhibits", "of the closed vocabulary"),
    "sign": ("ikg:sign -1", "ikg:sign 1", "its sign is not that of its relation"),
    "belief": ("0.6e0", "1.6e0", "one belief between 0 and 1"),
    "association": ("biolink:ChemicalAffectsGeneAssociation", "biolink:Thing", "one Biolink association class"),
    "two objects": ("rdf:object ", "rdf:object <http://identifiers.org/drugbank/DB12159>, ", "exactly one object"),
    "no evidence": ("ikg:supports", "ikg:tells_of", "a statement has at least one evidence"),
    "both stances": (
        "    ikg:publication",
        f"    ikg:refutes <https://w3id.org/immunokg/statement/{'0' * 64}> ;\n    ikg:publication",
        "an evidence has exactly one stance",
    ),
    "design": ('"case_report"', '"anecdote"', "one term of the table of study designs"),
    "level": ('knowledge_level "observation"', 'knowledge_level "guess"', "one knowledge level of Biolink"),
    "publication": ('ikg:doi "10.1001/jamadermatol.2018.2976" ;', "", "has a PMID, DOI, PMCID or NCT number"),
    "database without release": (
        'ikg:doi "10.1001/jamadermatol.2018.2976"',
        'ikg:database "DrugMechDB"',
        "has a PMID, DOI, PMCID or NCT number",
    ),
    "study": ('ikg:study_key "INDEX-CASE-2018"', 'rdfs:label "x"', "a study has exactly one key"),
    "case report treats": (
        "ikg:decreases_activity_of",
        "ikg:treats",
        "no case report supports that a drug treats",
    ),
}


def _messages(text: str, repo_root: Path) -> tuple[bool, str]:
    import pyshacl
    import rdflib

    data = rdflib.Graph().parse(data=PREFIXES + text, format="turtle")
    shapes = rdflib.Graph().parse(repo_root / "ontologies" / "shapes.ttl")
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    return bool(conforms), str(report)


def test_shapes_accept_what_is_right(repo_root: Path) -> None:
    """A statement with its evidence, paper and study conforms."""
    assert _messages(DUPILUMAB, repo_root) == (True, "Validation Report\nConforms: True\n")


def test_shapes_accept_a_database_record_with_its_release(repo_root: Path) -> None:
    """A record needs no paper."""
    record = 'ikg:database "DrugMechDB" ; ikg:release "b83cc5d"'
    assert _messages(DUPILUMAB.replace('ikg:doi "10.1001/jamadermatol.2018.2976"', record), repo_root)[0]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS)
def test_shapes_find_what_is_wrong(repo_root: Path, old: str, new: str, message: str) -> None:
    """Each fault is found, and said in a sentence."""
    assert old in DUPILUMAB
    conforms, report = _messages(DUPILUMAB.replace(old, new), repo_root)
    assert not conforms
    assert message in report
