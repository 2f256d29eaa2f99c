"""CURIEs: spelling, patterns, and the way to IRIs and back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ontologies.errors import BadInput, MalformedCurie
from ontologies.prefixes import NS, check, compress, expand, is_curie, normalize, prefixes, read_prefixes
from tests.limits import HANG

EXAMPLES = [
    ("HGNC:6015", "http://identifiers.org/hgnc/6015"),
    ("UniProtKB:P24394", "http://purl.uniprot.org/uniprot/P24394"),
    ("DRUGBANK:DB12159", "http://identifiers.org/drugbank/DB12159"),
    ("CHEBI:8382", "http://purl.obolibrary.org/obo/CHEBI_8382"),
    ("MONDO:0005340", "http://purl.obolibrary.org/obo/MONDO_0005340"),
    ("HP:0000989", "http://purl.obolibrary.org/obo/HP_0000989"),
    ("CL:0000546", "http://purl.obolibrary.org/obo/CL_0000546"),
    ("NCBITaxon:9606", "http://purl.obolibrary.org/obo/NCBITaxon_9606"),
    ("MESH:C582203", "http://id.nlm.nih.gov/mesh/C582203"),
    ("REACT:R-HSA-6785807", "http://identifiers.org/reactome/R-HSA-6785807"),
    ("PMC:PMC123", "http://europepmc.org/articles/PMC123"),
    ("DOI:10.1002/(sici)1521<1::aid>3.0.co;2-d", "https://doi.org/10.1002/(sici)1521%3C1::aid%3E3.0.co;2-d"),
    ("clinicaltrials:NCT03359356", "http://identifiers.org/clinicaltrials/NCT03359356"),
    ("ikg:type-i-il-4-receptor", "https://w3id.org/immunokg/type-i-il-4-receptor"),
    ("ikg:claim/" + "0" * 64, NS.CLAIM + "0" * 64),
]


@pytest.mark.parametrize(("curie", "iri"), EXAMPLES, ids=[curie for curie, _ in EXAMPLES])
def test_a_curie_and_its_iri_are_two_spellings_of_one_thing(curie: str, iri: str) -> None:
    """Each is read from the other, and the CURIE is on its pattern."""
    assert (expand(curie), compress(iri), check(curie)) == (iri, curie, curie)


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        ("drugbank:DB12159", "DRUGBANK:DB12159"),
        ("DB:DB12159", "DRUGBANK:DB12159"),
        ("UniProt:P24394", "UniProtKB:P24394"),
        ("reactome:R-HSA-6785807", "REACT:R-HSA-6785807"),
        ("taxonomy:9606", "NCBITaxon:9606"),
        ("mesh:D003876", "MESH:D003876"),
        ("Pfam:PF00809", "PFAM:PF00809"),
        ("TIGR:02074", "TIGRFAM:TIGR02074"),
        ("PMCID:PMC5816041", "PMC:PMC5816041"),
        ("GO:GO:0042092", "GO:0042092"),
        ("doi:10.2147/DDDT.S172638", "DOI:10.2147/dddt.s172638"),
        (" HGNC:6015 ", "HGNC:6015"),
        ("reactome:R-HSA-416476\ufeff", "REACT:R-HSA-416476"),
        ("db:DrugMechDB/DB12159_MESH_D003876_1", "db:DrugMechDB/DB12159_MESH_D003876_1"),
    ],
)
def test_spellings_of_other_sources_are_accepted(foreign: str, ours: str) -> None:
    """`normalize` answers in our spelling, and leaves our spelling alone."""
    assert normalize(foreign) == ours == normalize(ours)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("GO:005507", "off the pattern of GO"),
        ("UniProtKB:41972", "off the pattern of UniProtKB"),
        ("MONDO:5340", "off the pattern of MONDO"),
        ("GO:0042092\n", "off the pattern of GO"),
        ("HGNC:٦٠١٥", "off the pattern of HGNC"),
        ("PMID:0", "off the pattern of PMID"),
        ("dupilumab", "not a CURIE"),
        ("HGNC:", "not a CURIE"),
        ("FOO:1", "unknown prefix 'FOO'"),
        ("UniProt:P24394", "write 'UniProtKB:P24394'"),
        ("ikg:Two Words", "off the pattern of ikg"),
        ("GO:" + "1" * 1000, "not a CURIE"),
    ],
)
def test_a_wrong_curie_is_refused_with_the_reason(wrong: str, message: str) -> None:
    """The error says what is wrong, and names the fix where there is one."""
    with pytest.raises(MalformedCurie) as caught:
        check(wrong)
    assert message in str(caught.value)
    assert not is_curie(wrong)


def test_an_iri_of_no_namespace_has_no_curie() -> None:
    """An IRI that we do not know is an error, not a made-up prefix."""
    with pytest.raises(MalformedCurie, match=r"prefixes\.tsv"):
        compress("http://example.org/1")


@pytest.mark.parametrize("filler", ["a-", "1", "A1", "-", "_", "a/"])
def test_no_pattern_takes_long_on_hostile_text(filler: str) -> None:
    """Every pattern refuses (or accepts) 500 repeated characters in no time."""
    start = time.perf_counter()
    for prefix in prefixes():
        is_curie(f"{prefix}:{(filler * 500)[:500]}!")
    assert time.perf_counter() - start < HANG


def test_a_faulty_table_is_reported_at_once(tmp_path: Path) -> None:
    """Three faults of one file come together, each with its line."""
    table = tmp_path / "prefixes.tsv"
    header = "prefix\tiri\tpattern\tsynonyms\tlocal_prefix\tsource"
    rows = ["GO\tgo/\t^\\d{7}$\t\t\tx", "GO\tgo/\t^\\d$\t\t\tx", "CL\tcl/\t\\d\t\t\tx", "HP"]
    table.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_prefixes(table)
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [
        (3, "prefix"),
        (3, "iri"),
        (4, "pattern"),
        (5, ""),
    ]
