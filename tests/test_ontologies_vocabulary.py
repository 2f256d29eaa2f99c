"""Relations, designs and polarity: what the tables say, and what a damaged table gets to hear."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ontologies.associations import association_class, association_classes, read_associations
from ontologies.designs import design, designs, read_designs
from ontologies.errors import BadInput, UnknownRelation
from ontologies.polarity import STANCES, allowed_polarities, polarity_allowed, read_polarities
from ontologies.rdf_terms import rdf_terms, read_rdf_terms
from ontologies.tables import read_text
from ontologies.terms import load_structure, load_terms
from ontologies.vocabulary import by_drugmechdb, by_neo4j_type, fitting, read_relations, relation, relations

SIGNS = {
    "increases_activity_of": 1,
    "decreases_activity_of": -1,
    "regulates": 0,
    "binds": 0,
    "inhibits_signaling_of": -1,
    "increases_degradation_of": -1,
    "is_a": 1,
    "has_phenotype": 0,
    "decreased_in": -1,
    "predicts_nonresponse_to": -1,
    "treats": -1,
    "has_adverse_event": 1,
    "observed_to_decrease": -1,
    "more_effective_than": 0,
}


@pytest.mark.parametrize(("name", "sign"), SIGNS.items(), ids=SIGNS)
def test_signs(name: str, sign: int) -> None:
    """The sign is what more of the subject does to the object."""
    assert relation(name).sign == sign


def test_unknown_relation_lists_near_ones() -> None:
    """A misspelt relation fails at once, and says what could be meant."""
    with pytest.raises(UnknownRelation) as caught:
        relation("inhibits_signalling_of")
    assert caught.value.valid[0] == "inhibits_signaling_of"
    assert caught.value.name == "inhibits_signalling_of"


def test_far_off_relation_lists_all() -> None:
    """When nothing is near, all names are listed."""
    with pytest.raises(UnknownRelation) as caught:
        relation("zzz")
    assert set(caught.value.valid) == set(relations())


def test_types_and_names_are_one_to_one() -> None:
    """Neo4j types lead back to their relation, and are disjoint from the names of categories."""
    assert all(by_neo4j_type(entry.neo4j_type) is entry for entry in relations().values())
    with pytest.raises(UnknownRelation, match=r"relationship type 'TREAT'.*TREATS"):
        by_neo4j_type("TREAT")


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ("decreases_activity_of", "increases_activity_of", True),
        ("decreases_activity_of", "part_of", True),
        ("increases_abundance_of", "associated_with", True),
        ("is_a", "decreases_activity_of", True),
        ("is_a", "treats", True),
        ("manifestation_of", "severity_form_of", True),
        ("manifestation_of", "causes", False),
        ("decreases_activity_of", "treats", False),
        ("observed_to_decrease", "causes", False),
        ("genetically_associated_with", "causes", False),
        ("expressed_in", "causes", False),
        ("binds", "increases_activity_of", False),
    ],
)
def test_composition(first: str, second: str, allowed: bool) -> None:
    """Signed causal and structural steps chain; observations, associations and unsigned ones end."""
    assert relation(first).chains_to(relation(second)) is allowed


def test_only_causal_and_structural_steps_are_followed_by_anything() -> None:
    """No association and no clinical relation carries a mechanism on."""
    assert {r.tier for r in relations().values() if r.composes_with} == {"causal", "structural"}
    assert all(r.sign for r in relations().values() if r.composes_with)


def test_direct_and_projected_triples() -> None:
    """Biolink's predicate where it says exactly this, else ours; observations and associations are never effects."""
    assert relation("ameliorates_condition").direct_iri == "https://w3id.org/biolink/vocab/ameliorates_condition"
    assert relation("increased_in").direct_iri == "https://w3id.org/immunokg/increased_in"
    assert relation("severity_form_of").direct_iri == "https://w3id.org/immunokg/severity_form_of"
    assert relation("part_of").projection_iri == "https://w3id.org/immunokg/positively_affects"
    unprojected = ("is_a", "manifestation_of", "observed_to_increase", "positively_correlated_with", "affects")
    assert [relation(name).projection_iri for name in unprojected] == [None] * 5


@pytest.mark.parametrize(
    ("predicate", "name", "inverted"),
    [
        ("positively regulates", "positively_regulates", False),
        ("caused by", "causes", True),
        ("location of", "located_in", True),
        ("superclass of", "is_a", True),
        ("molecularly interacts with", "binds", False),
    ],
)
def test_drugmechdb_predicates(predicate: str, name: str, inverted: bool) -> None:
    """A predicate of DrugMechDB is one relation, perhaps read backwards."""
    assert by_drugmechdb(predicate) == (relation(name), inverted)


def test_unknown_drugmechdb_predicate() -> None:
    """A predicate that the table lacks is reported with near ones."""
    with pytest.raises(UnknownRelation, match=r"DrugMechDB predicate 'regulate'.*regulates"):
        by_drugmechdb("regulate")


def test_drugmechdb_is_covered(shared_data: Path) -> None:
    """All 57 predicates of the dev half are mapped, and nothing that it does not have."""
    path = shared_data / "data" / "drugmechdb" / "drugmechdb_paths_dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = {link["key"] for line in lines for link in json.loads(line)["links"]}
    mapped = {word.removeprefix("^") for entry in relations().values() for word in entry.drugmechdb}
    assert len(found) == 57
    assert mapped == found


def test_fitting_leaves_what_fits_nowhere() -> None:
    """Outside domain and range the other relation stands in; if that does not fit either, the first comes back."""
    assert fitting("ameliorates_condition", "Cell", "Disease").name == "protects_against"
    assert fitting("exacerbates_condition", "BiologicalProcess", "BiologicalProcess").name == "contributes_to"
    assert fitting("treats", "Case", "Disease").name == "treats"


def test_mappings_exist_in_biolink(shared_data: Path) -> None:
    """Predicates, qualifiers and association classes are those of the Biolink model."""
    import yaml

    with gzip.open(shared_data / "data" / "ontologies" / "biolink-model.yaml.gz", "rt", encoding="utf-8") as stream:
        model = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    slots = {name.replace(" ", "_"): slot for name, slot in model["slots"].items()}
    enums = {
        "object_aspect_qualifier": "GeneOrGeneProductOrChemicalEntityAspectEnum",
        "object_direction_qualifier": "DirectionQualifierEnum",
        "causal_mechanism_qualifier": "CausalMechanismQualifierEnum",
    }
    for entry in relations().values():
        if entry.biolink:
            assert not slots[entry.biolink.removeprefix("biolink:")].get("deprecated"), entry.name
        for key, value in entry.biolink_qualifiers:
            if key == "qualified_predicate":
                assert value.removeprefix("biolink:") in slots
            else:
                assert value in model["enums"][enums[key]]["permissible_values"], entry.name
    classes = {"".join(w[0].upper() + w[1:] for w in name.split()): c for name, c in model["classes"].items()}
    usable = {name for name, c in classes.items() if not c.get("abstract") and not c.get("mixin")}
    assert set(association_classes()) <= usable


def test_ontology_ids_exist(shared_data: Path) -> None:
    """RO, BFO and ECO ids are terms of these ontologies and not obsolete."""
    with gzip.open(shared_data / "data" / "ontologies" / "ro_properties.tsv.gz", "rt", encoding="utf-8") as lines:
        labels = dict(line.split("\t")[:2] for line in lines if line.count("\t") >= 2)
    ids = [i.removeprefix("~") for entry in relations().values() for i in entry.ro]
    assert [i for i in ids if i not in labels or labels[i].startswith("obsolete")] == []
    with gzip.open(shared_data / "data" / "ontologies" / "eco-basic.obo.gz", "rt", encoding="utf-8") as obo:
        terms = {part.split("\n", 1)[0]: part for part in obo.read().split("\n[Term]\nid: ")[1:]}
    assert [d.eco for d in designs().values() if "is_obsolete: true" in terms[d.eco]] == []


def test_weights_follow_levels() -> None:
    """A better level never weighs less, and only a hypothesis weighs nothing."""
    graded = sorted((d.level, d.weight) for d in designs().values() if d.level)
    for level, weight in graded:
        assert all(weight >= other for worse, other in graded if worse > level)
    assert [d.name for d in designs().values() if not d.weight] == ["hypothesis"]
    assert [d.name for d in designs().values() if "weight:" not in d.source] == []
    with pytest.raises(UnknownRelation, match="unknown study design 'rct'"):
        design("rct")


@pytest.mark.parametrize(
    ("name", "stance", "polarities"),
    [
        ("treats", "supports", ("positive",)),
        ("has_adverse_event", "supports", ("negative",)),
        ("decreases_activity_of", "supports", ("negative",)),
        ("increases_activity_of", "refutes", ("negative", "null")),
        ("in_clinical_trials_for", "supports", ("positive", "negative", "null", "unknown")),
        ("observed_to_decrease", "supports", ("positive", "negative", "unknown")),
        ("ameliorates_condition", "null", ("null",)),
        ("treats", "perhaps", ()),
    ],
)
def test_polarity(name: str, stance: str, polarities: tuple[str, ...]) -> None:
    """Relation, stance and polarity agree by one table."""
    assert allowed_polarities(name, stance) == polarities


def test_every_relation_has_a_polarity_for_every_stance() -> None:
    """No relation lacks a way to be supported, refuted or looked for in vain."""
    assert all(allowed_polarities(name, stance) for name in relations() for stance in STANCES)
    assert not polarity_allowed("treats", "supports", "negative")


def test_association_class_goes_by_the_first_row_that_fits() -> None:
    """The class is special where Biolink has one, and plain elsewhere."""
    assert association_class("has_adverse_event", "Drug", "Disease").endswith("AdverseEventAssociation")
    assert association_class("genetically_associated_with", "Gene", "Disease") == "GeneToDiseaseAssociation"
    assert association_class("has_phenotype", "Case", "Disease") == "CaseToDiseaseAssociation"
    assert association_class("part_of", "Gene", "MacromolecularComplex") == "Association"


def test_structure_and_local_ids_agree_with_the_vocabulary() -> None:
    """The structural table uses relations within domain and range; no local id of an entity is a word of the RDF form."""
    terms = load_terms()
    for row in load_structure():
        entry = relation(row.relation)
        assert entry.admits(terms[row.subject].category, terms[row.object].category), row
    local = {curie.removeprefix("ikg:") for curie in terms if curie.startswith("ikg:")}
    assert local & ({*relations()} | {*rdf_terms()}) == set()


def _damage(column: str, value: str) -> Callable[[str], str]:
    """Replace one cell of the first row."""

    def change(text: str) -> str:
        header, first, *rest = text.splitlines()
        cells = dict(zip(header.split("\t"), first.split("\t"), strict=True)) | {column: value}
        return "\n".join([header, "\t".join(cells.values()), *rest])

    return change


DAMAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "sign": (_damage("sign", "up"), "relations.tsv:2: sign: 'up' is not allowed"),
    "tier": (_damage("tier", "casual"), "relations.tsv:2: tier: 'casual' is not allowed"),
    "domain": (_damage("domain", "Gene|Genee"), "relations.tsv:2: domain: 'Genee' is not allowed"),
    "twice in a list": (_damage("range", "Gene|Gene"), "relations.tsv:2: range: 'Gene' stands twice"),
    "chain": (_damage("composes_with", "causal|binding"), "relations.tsv:2: composes_with: 'binding' is not allowed"),
    "otherwise": (_damage("otherwise", "cures"), "relations.tsv:2: otherwise: 'cures' is no relation"),
    "inverse": (_damage("inverse", "treats"), "relations.tsv:2: inverse: 'treats' is a relation itself"),
    "symmetric": (_damage("symmetric", "true"), "relations.tsv:2: symmetric: a symmetric relation"),
    "qualifier": (_damage("biolink_qualifiers", "aspect=activity"), "biolink_qualifiers: 'aspect=activity' is no"),
    "RO": (_damage("ro", "RO:12"), "relations.tsv:2: ro: 'RO:12' is no id of RO or BFO"),
    "Neo4j type": (_damage("neo4j_type", "ACTIVATES"), "relations.tsv:2: neo4j_type: is not the name in capitals"),
    "predicate twice": (_damage("drugmechdb", "treats"), "drugmechdb: 'treats' is taken by line 2"),
    "row twice": (lambda text: text + text.splitlines()[1], "name: 'increases_activity_of' stands already in line 2"),
    "short row": (lambda text: text + "x\ty", "relations.tsv:69: has 2 cells, the header has 22"),
    "column gone": (lambda text: text.replace("tier\t", "", 1), "relations.tsv:1: tier: column is missing"),
    "header only": (lambda text: text.splitlines()[0], "relations.tsv:1: has no rows"),
    "empty file": (lambda text: "", "relations.tsv:1: name: column is missing"),
}


@pytest.mark.parametrize(("change", "expected"), DAMAGES.values(), ids=DAMAGES)
def test_damaged_relations_are_located(change: Callable[[str], str], expected: str) -> None:
    """A fault of the table is named by file, line and column, with what to do."""
    with pytest.raises(BadInput) as caught:
        read_relations(change(read_text("relations.tsv")))
    assert expected in str(caught.value)


def test_all_faults_at_once() -> None:
    """Three faults in three rows are three lines of one error, in order."""
    lines = read_text("relations.tsv").splitlines()
    lines[1], lines[3], lines[5] = (line.replace("causal", "casual", 1) for line in (lines[1], lines[3], lines[5]))
    with pytest.raises(BadInput) as caught:
        read_relations("\n".join(lines))
    assert [(fault.line, fault.field) for fault in caught.value.faults if fault.field == "tier"] == [
        (2, "tier"),
        (4, "tier"),
        (6, "tier"),
    ]


def test_damaged_other_tables_are_located() -> None:
    """The smaller tables are held to the same standard."""
    text = read_text("study_designs.tsv").replace("\t0.9\t", "\theavy\t", 1).replace("\t0.4\t", "\t0.95\t", 1)
    with pytest.raises(BadInput, match=r"study_designs.tsv:3: weight: 'heavy' is no number") as caught:
        read_designs(text)
    assert "0.95 is not in the band of level 4 (write 0.4 to 0.6)" in str(caught.value)
    with pytest.raises(BadInput, match=r"polarity.tsv:2: stance: 'denies' is not allowed"):
        read_polarities(read_text("polarity.tsv").replace("\tsupports\t", "\tdenies\t", 1))
    with pytest.raises(BadInput, match=r"associations.tsv:2: subject: 'Pill' is not allowed"):
        read_associations("relations\tsubject\tobject\tbiolink\n*\tPill\t*\tAssociation\n*\t*\t*\tAssociation\n")
    with pytest.raises(BadInput, match="does not fit everything"):
        read_associations("relations\tsubject\tobject\tbiolink\n*\tDrug\t*\tAssociation\n")
    with pytest.raises(BadInput, match=r"rdf_terms.tsv:2: name: 'treats' is a relation"):
        read_rdf_terms("name\tkind\tparent\tdomain\trange\tlabel\tdefinition\ntreats\tobject\t\t\t\ttreats\tx\n")
