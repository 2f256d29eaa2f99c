"""The shipped terms and structural table, and what a faulty table says."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from ontologies.categories import CATEGORIES, category, is_a, neo4j_label
from ontologies.errors import BadInput, UnknownRelation
from ontologies.prefixes import prefixes
from ontologies.terms import load_structure, load_terms, read_structure, read_terms

HEADER = "curie\tname\tcategory\troles\tsynonyms\txrefs\tvalence\tclose_matches\tsource\n"


@pytest.mark.parametrize(
    ("curie", "name", "category_name", "xref"),
    [
        ("DRUGBANK:DB12159", "dupilumab", "Drug", "MESH:C582203"),
        ("HGNC:6015", "IL4R", "Gene", "UniProtKB:P24394"),
        ("REACT:R-HSA-6785807", "interleukin-4 and interleukin-13 signaling", "Pathway", ""),
        ("GO:0042092", "type 2 immune response", "BiologicalProcess", ""),
        ("MONDO:0004980", "atopic dermatitis", "Disease", "MESH:D003876"),
        ("CHEBI:95341", "baricitinib", "Drug", "DRUGBANK:DB11817"),
    ],
)
def test_a_term_carries_its_identifier_and_exact_match(curie: str, name: str, category_name: str, xref: str) -> None:
    """Records of other sources that use the exact match merge into the term."""
    entity = load_terms()[curie]
    assert (entity.name, entity.category) == (name, category_name)
    assert not xref or xref in entity.xrefs


@pytest.mark.parametrize(
    ("name", "valence"),
    [
        ("anagen", "good"),
        ("catagen", "bad"),
        ("hair loss", "bad"),
        ("hair regrowth", "good"),
        ("hair follicle immune privilege", "good"),
        ("hair keratins", "good"),
        ("skin barrier function", "good"),
        ("alopecia areata", "bad"),
        ("IL4", ""),
    ],
)
def test_valence_says_what_more_of_it_means(name: str, valence: str) -> None:
    """Signs read right only if hair loss is bad and its regrowth good."""
    assert {entity.valence for entity in load_terms().values() if entity.name == name} == {valence}


def test_phenotypes_are_never_merged_with_diseases_of_the_same_name() -> None:
    """HP terms are close matches at most; `allergic` alone is no name of eczema; universalis is not the hereditary one."""
    terms = load_terms()
    for entity in terms.values():
        if is_a(entity.category, "Disease"):
            assert not [xref for xref in entity.xrefs if xref.startswith("HP:")]
    assert "allergic" not in terms["MONDO:0004980"].synonyms
    assert "HP:0002289" in terms["ikg:alopecia-universalis"].close_matches
    assert "MONDO:0800198" in terms["ikg:alopecia-universalis"].close_matches
    assert terms["ikg:type-i-il-4-receptor"].close_matches == ("GO:0016516",)


def test_severity_forms_stand_under_alopecia_areata() -> None:
    """MONDO does not say so: totalis, universalis, ophiasis and the others are ours."""
    forms = {row.subject for row in load_structure() if row.relation == "severity_form_of"}
    assert {"MONDO:0019080", "ikg:alopecia-universalis", "ikg:ophiasis-pattern-alopecia-areata"} <= forms
    assert {row.object for row in load_structure() if row.relation == "severity_form_of"} == {"MONDO:0005340"}


def test_steroids_are_glucocorticoids_and_combinations_have_parts() -> None:
    """Prednisone has mechanisms only once it is a glucocorticoid."""
    rows = {(row.subject, row.relation, row.object) for row in load_structure()}
    assert ("CHEBI:8382", "is_a", "MESH:D005938") in rows
    assert ("CHEBI:41879", "is_a", "MESH:D005938") in rows
    assert ("CHEBI:44185", "part_of", "ikg:methotrexate-plus-prednisone") in rows


def test_manifestations_name_their_source() -> None:
    """Each goal of an explanation rests on a publication or a release."""
    terms = load_terms()
    for row in load_structure():
        if row.relation == "manifestation_of":
            assert row.valence == terms[row.subject].valence or not terms[row.subject].valence, row
            assert row.source.split(":")[0] in prefixes() or row.source.startswith(("MONDO ", "HPO ")), row


def _labels(path: Path, key: str, label: str) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row.get("obsolete", "0") != "1":
                yield row[key], row[label]


@pytest.mark.parametrize(
    ("prefix", "file", "key", "label"),
    [
        ("MONDO", "mondo_terms.tsv.gz", "id", "label"),
        ("HP", "hp_terms.tsv.gz", "id", "label"),
        ("CL", "cl_terms.tsv.gz", "id", "label"),
        ("GO", "go_terms.tsv.gz", "id", "label"),
        ("HGNC", "hgnc_genes.tsv.gz", "hgnc_id", "symbol"),
    ],
)
def test_identifiers_bear_the_label_that_their_ontology_gives(
    shared_data: Path, prefix: str, file: str, key: str, label: str
) -> None:
    """No id was guessed: the ontology's label is the name or a synonym of our term."""
    labels = dict(_labels(shared_data / "data" / "ontologies" / file, key, label))
    for curie, entity in load_terms().items():
        if curie.startswith(prefix + ":"):
            names = {name.casefold() for name in (entity.name, *entity.synonyms)}
            assert labels[curie].casefold() in names, (curie, entity.name, labels[curie])


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    """A doubled name, a shared exact match, a bad CURIE and an unknown category are located in their files."""
    (tmp_path / "a.tsv").write_text(
        HEADER + "HGNC:6015\tIL4R\tGene\t\t\tUniProtKB:P24394\t\t\tHGNC\n" + "GO:42\tanagen\tProcess\t\tanagen\t\tbest\t\t\n",
        encoding="utf-8",
    )
    (tmp_path / "b.tsv").write_text(HEADER + "HGNC:6014\tIL4R\tGene\t\t\tUniProtKB:P24394\t\t\tHGNC\nshort\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_terms(tmp_path)
    places = {(fault.file, fault.line, fault.field) for fault in caught.value.faults}
    assert places == {
        ("a.tsv", 3, "curie"),
        ("a.tsv", 3, "category"),
        ("a.tsv", 3, "synonyms"),
        ("a.tsv", 3, "valence"),
        ("a.tsv", 3, "source"),
        ("b.tsv", 2, "name"),
        ("b.tsv", 2, "xrefs"),
        ("b.tsv", 3, ""),
    }


def test_faults_of_the_structural_table_are_located(tmp_path: Path) -> None:
    """Unknown terms, relations and valences that do not fit are named by line."""
    table = tmp_path / "structure.tsv"
    table.write_text(
        "subject\trelation\tobject\tvalence\tsource\tnote\n"
        "MONDO:0019080\tseverity_form_of\tMONDO:0005340\tgood\tx\t\n"
        "MONDO:0019080\tcauses\tMONDO:0000000\t\t\t\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        read_structure(table, load_terms())
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [
        (2, "valence"),
        (3, "object"),
        (3, "relation"),
        (3, "source"),
    ]


def test_categories_know_their_ancestors_and_labels() -> None:
    """A drug is a chemical entity; every category has a Biolink class and a Neo4j label of its own."""
    assert is_a("Drug", "Entity")
    assert not is_a("Disease", "Drug")
    assert neo4j_label("MacromolecularComplex") == "Complex"
    assert len({row.neo4j_label for row in CATEGORIES.values()}) == len(CATEGORIES)
    assert all(row.biolink.startswith("biolink:") for row in CATEGORIES.values())
    with pytest.raises(UnknownRelation, match="Disease"):
        category("illness")
