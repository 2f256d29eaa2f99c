"""Names to CURIEs: found, ambiguous or unknown, never guessed."""

from __future__ import annotations

import random

import pytest

from ontologies.entity import Entity
from ontologies.errors import AmbiguousName, UnknownName, UnknownRelation
from ontologies.grounding import Grounder, builtin_grounder
from ontologies.name_keys import spelling_keys
from ontologies.terms import load_terms


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("IL-4Rα", "HGNC:6015"),
        ("IL4RA", "HGNC:6015"),
        ("IL-4R alpha", "HGNC:6015"),
        ("CD124", "HGNC:6015"),
        ("UniProt:P24394", "HGNC:6015"),
        ("Th2 cells", "CL:0000546"),
        ("CD8+ T cells", "CL:0000625"),
        ("Tregs", "CL:0000815"),
        ("Dupixent", "DRUGBANK:DB12159"),
        ("DUPILUMAB", "DRUGBANK:DB12159"),
        ("DB:DB12159", "DRUGBANK:DB12159"),
        ("MESH:C582203", "DRUGBANK:DB12159"),
        ("alopecia areata", "MONDO:0005340"),
        ("Alopecia Totalis", "MONDO:0019080"),
        ("IFN-γ", "HGNC:5438"),
        ("TNFα", "HGNC:11892"),
        ("JAK inhibitors", "MESH:D000075242"),
        ("itch", "HP:0000989"),
        ("prednisone and methotrexate", "ikg:methotrexate-plus-prednisone"),
    ],
)
def test_a_name_in_any_spelling_finds_its_entity(text: str, curie: str) -> None:
    """Case, hyphens, Greek letters, plurals, brand names and foreign CURIEs all lead to one entity."""
    assert builtin_grounder().ground(text).curie == curie


@pytest.mark.parametrize(
    ("text", "expect", "curie"),
    [
        ("eczema", "disease", "MONDO:0004980"),
        ("eczema", "phenotypic feature", "HP:0000964"),
        ("alopecia areata", "disease", "MONDO:0005340"),
        ("alopecia areata", "PhenotypicFeature", "HP:0002232"),
        ("hair loss", "disease", "HP:0001596"),
    ],
)
def test_what_is_expected_decides_between_namesakes(text: str, expect: str, curie: str) -> None:
    """A disease is preferred where one is asked for; if there is none, the name still stands."""
    assert builtin_grounder().ground(text, expect=expect).curie == curie


def test_an_ambiguous_name_lists_all_that_bear_it() -> None:
    """`eczema` is a disease and a phenotype; neither is chosen."""
    with pytest.raises(AmbiguousName) as caught:
        builtin_grounder().ground("eczema")
    assert {curie for _, curie in caught.value.candidates} == {"MONDO:0004980", "HP:0000964"}


@pytest.mark.parametrize(
    ("text", "candidate"),
    [
        ("AD", "MONDO:0004980"),
        ("AA", "MONDO:0005340"),
        ("dupilumap", "DRUGBANK:DB12159"),
        ("prednison", "CHEBI:8382"),
        ("allergic", "MONDO:0011786"),
    ],
)
def test_an_unknown_name_offers_what_is_spelled_alike(text: str, candidate: str) -> None:
    """Abbreviations of two letters and typos are not resolved, but the right entity is among the candidates."""
    with pytest.raises(UnknownName) as caught:
        builtin_grounder().ground(text)
    assert candidate in {curie for _, curie in caught.value.candidates}


@pytest.mark.parametrize("text", ["", "   ", "!!!", "x" * 5000, "MONDO:9999999", "FOO:1", "zzzzqqqq"])
def test_a_text_like_nothing_is_unknown_without_candidates(text: str) -> None:
    """Empty, hostile and foreign texts get a clear answer, and not a long one."""
    with pytest.raises(UnknownName) as caught:
        builtin_grounder().ground(text)
    assert caught.value.candidates == ()
    assert len(str(caught.value)) < 200


def test_categories_insist_where_expect_prefers() -> None:
    """IL4R is no disease, whoever asks."""
    with pytest.raises(UnknownName):
        builtin_grounder().ground("IL4R", categories=["Disease"])
    assert builtin_grounder().ground("IL4R", expect="disease").curie == "HGNC:6015"
    assert builtin_grounder().ground("dupilumab", categories=["ChemicalEntity"]).curie == "DRUGBANK:DB12159"
    with pytest.raises(UnknownRelation):
        builtin_grounder().ground("IL4R", expect="illness")


def test_every_term_is_found_by_its_name_and_its_curie() -> None:
    """No primary name of ours is ambiguous, in any case."""
    grounder = builtin_grounder()
    for entity in load_terms().values():
        assert grounder.ground(entity.name) == entity
        assert grounder.ground(entity.curie) == entity
        assert grounder.ground(entity.name.upper()) == entity
        for xref in entity.xrefs:
            assert grounder.ground(xref) == entity


def test_two_entities_of_one_name_are_ambiguous() -> None:
    """A source may bring a namesake; then the CURIE has to be given."""
    twins = [Entity("MONDO:0005083", "psoriasis", "Disease"), Entity("HP:0003765", "psoriasis", "PhenotypicFeature")]
    with pytest.raises(AmbiguousName):
        Grounder(twins).ground("psoriasis")
    assert Grounder(twins).ground("HP:0003765").curie == "HP:0003765"


def test_the_order_of_the_entities_does_not_matter() -> None:
    """Search and grounding give the same answer from a shuffled list."""
    shuffled = list(load_terms().values())
    random.Random(7).shuffle(shuffled)
    for text in ("IL-4", "AD", "alopecia", "Th1", "dupilumap"):
        expected = [(hit.entity.curie, hit.score) for hit in builtin_grounder().search(text)]
        assert [(hit.entity.curie, hit.score) for hit in Grounder(shuffled).search(text)] == expected


@pytest.mark.parametrize(
    ("text", "first", "how"),
    [
        ("dupilumab", "DRUGBANK:DB12159", "exact"),
        ("Dupix", "DRUGBANK:DB12159", "beginning"),
        ("dupilumap", "DRUGBANK:DB12159", "typo"),
        ("UniProt:P24394", "HGNC:6015", "identifier"),
        ("MONDO:0005340", "MONDO:0005340", "identifier"),
        ("TARC", "HGNC:10615", "exact"),
        ("immune privilege", "ikg:hair-follicle-immune-privilege", "part"),
    ],
)
def test_search_ranks_the_likeliest_first(text: str, first: str, how: str) -> None:
    """Names, synonyms, CURIEs, exact matches and typos all lead there, and the hit says how."""
    hit = builtin_grounder().search(text)[0]
    assert (hit.entity.curie, hit.how) == (first, how)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IL-4Rα", "il4ra"),
        ("IFN-γ", "IFN gamma"),
        ("CD8+ T cells", "CD8-positive T cell"),
        ("Crohn's disease", "Crohn disease"),
        ("TGF-β1", "TGF-beta1"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    """Greek letters, signs, possessives and plurals do not keep namesakes apart."""
    assert set(spelling_keys(one)) & set(spelling_keys(other))


def test_singular_keeps_words_that_only_look_plural() -> None:
    """`psoriasis`, `mucus` and `pancreas` lose no letter."""
    assert [spelling_keys(word) for word in ("psoriasis", "mucus", "pancreas")] == [
        ("psoriasis",),
        ("mucus",),
        ("pancreas",),
    ]
