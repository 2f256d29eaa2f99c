"""CURIEs and IRIs: one table of prefixes (``prefixes.tsv``), read when first needed.

The spelling shown is Biolink's (``HGNC``, ``UniProtKB``, ``DRUGBANK``); spellings that other sources use (``DB``,
``UniProt``, ``taxonomy``, ``reactome``) are accepted by `normalize` and nowhere else.

>>> normalize("UniProt:P24394"), expand("HGNC:6015")
('UniProtKB:P24394', 'http://identifiers.org/hgnc/6015')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, unquote

from ontologies.errors import BadInput, Fault, MalformedCurie

__all__ = ["NS", "Prefix", "check", "compress", "expand", "is_curie", "normalize", "prefixes", "read_prefixes"]

MAX_LENGTH = 600
"""No CURIE is longer; what is longer is refused before any pattern looks at it."""

_MARGIN = " \t\r\n\u00a0\ufeff"
_SAFE = "!$&'()*+,/:;=?@~-._"
_UNSAFE = re.compile(r"[^A-Za-z0-9!$&'()*+,/:;=?@~\-._]")


@dataclass(frozen=True, slots=True)
class Prefix:
    """One prefix: its spelling, namespace, the pattern of its local ids, and the spellings accepted for it.

    `local_prefix` is the letters that the local id carries itself (``PMC`` in ``PMC:PMC123``) and that some sources
    leave out.
    """

    prefix: str
    iri: str
    pattern: re.Pattern[str]
    synonyms: tuple[str, ...] = ()
    local_prefix: str = ""
    source: str = ""


class NS:
    """The namespaces that code of ours writes by hand."""

    IKG = "https://w3id.org/immunokg/"
    STATEMENT = IKG + "statement/"
    CLAIM = IKG + "claim/"
    EVIDENCE = IKG + "evidence/"
    BIOLINK = "https://w3id.org/biolink/vocab/"
    RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    RDFS = "http://www.w3.org/2000/01/rdf-schema#"
    XSD = "http://www.w3.org/2001/XMLSchema#"
    OWL = "http://www.w3.org/2002/07/owl#"
    SKOS = "http://www.w3.org/2004/02/skos/core#"
    DCTERMS = "http://purl.org/dc/terms/"
    PROV = "http://www.w3.org/ns/prov#"
    OA = "http://www.w3.org/ns/oa#"
    OBO = "http://purl.obolibrary.org/obo/"


def _path() -> Path:
    return Path(__file__).with_name("prefixes.tsv")


def read_prefixes(path: Path) -> Mapping[str, Prefix]:
    """Read a prefix table; every fault of the file is reported at once.

    Raises:
        BadInput: a row has another number of cells, a prefix or IRI stands twice, or a pattern is not anchored.
    """
    found: dict[str, Prefix] = {}
    iris: dict[str, str] = {}
    faults: list[Fault] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 6:
            faults.append(Fault(path.name, number, problem=f"{len(cells)} cells", fix="write 6 cells, tab separated"))
            continue
        name, iri, pattern, synonyms, local, source = cells
        if name in found:
            faults.append(Fault(path.name, number, 1, "prefix", f"{name!r} stands twice", "drop one row"))
        if iri in iris:
            faults.append(Fault(path.name, number, 2, "iri", f"also of {iris[iri]!r}", "give each prefix its own"))
        if not (pattern.startswith("^") and pattern.endswith("$")):
            faults.append(Fault(path.name, number, 3, "pattern", "is not anchored", "begin with ^ and end with $"))
            continue
        iris[iri] = name
        compiled = re.compile(pattern[1:-1], re.ASCII)
        found[name] = Prefix(name, iri, compiled, tuple(filter(None, synonyms.split("|"))), local, source)
    if faults:
        raise BadInput(f"{len(faults)} faults in {path.name}", faults)
    return MappingProxyType(found)


@cache
def prefixes() -> Mapping[str, Prefix]:
    """Return every prefix by its preferred spelling.

    >>> prefixes()["DRUGBANK"].synonyms
    ('DB', 'DrugBank', 'drugbank')
    """
    return read_prefixes(_path())


@cache
def _namespaces() -> Mapping[str, str]:
    return {name: row.iri for name, row in prefixes().items()}


@cache
def _spellings() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Map exact spellings, and lower-case ones that only one prefix has, to the preferred spelling."""
    exact = {name: name for name in prefixes()}
    for name, row in prefixes().items():
        for synonym in row.synonyms:
            exact.setdefault(synonym, name)
    loose: dict[str, set[str]] = {}
    for spelling, name in exact.items():
        loose.setdefault(spelling.lower(), set()).add(name)
    return exact, {low: next(iter(names)) for low, names in loose.items() if len(names) == 1}


@cache
def _by_iri() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((iri, name) for name, iri in _namespaces().items()), key=lambda pair: -len(pair[0])))


def _split(curie: str) -> tuple[str, str]:
    if not isinstance(curie, str) or len(curie) > MAX_LENGTH:
        raise MalformedCurie("not a CURIE: longer than any identifier is; write PREFIX:ID, such as HGNC:6015")
    prefix, colon, local = curie.partition(":")
    if not (prefix and colon and local):
        raise MalformedCurie(f"{curie!r} is not a CURIE; write PREFIX:ID, such as HGNC:6015")
    return prefix, local


def _unknown(prefix: str, curie: str) -> MalformedCurie:
    exact, loose = _spellings()
    better = exact.get(prefix) or loose.get(prefix.lower())
    if better:
        return MalformedCurie(f"{curie!r}: the prefix is spelled {better!r}; write {normalize(curie)!r}")
    known = ", ".join(sorted(prefixes()))
    return MalformedCurie(f"{curie!r}: unknown prefix {prefix!r}; known are {known}")


def expand(curie: str) -> str:
    """Return the IRI of a CURIE in its preferred spelling; characters that no IRI may hold are percent-encoded.

    The local id is not checked (see `check`).

    Raises:
        MalformedCurie: not PREFIX:ID, or a prefix that the table lacks.

    >>> expand("DOI:10.1001/jamadermatol.2018.2976")
    'https://doi.org/10.1001/jamadermatol.2018.2976'
    """
    prefix, local = _split(curie)
    iri = _namespaces().get(prefix)
    if iri is None:
        raise _unknown(prefix, curie)
    return iri + (quote(local, safe=_SAFE) if _UNSAFE.search(local) else local)


def compress(iri: str) -> str:
    """Return the CURIE of an IRI; the longest namespace wins. The inverse of `expand`.

    Raises:
        MalformedCurie: no namespace of the table begins the IRI.

    >>> compress("http://purl.obolibrary.org/obo/MONDO_0005340")
    'MONDO:0005340'
    """
    for namespace, prefix in _by_iri():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            local = iri[len(namespace) :]
            return f"{prefix}:{unquote(local) if '%' in local else local}"
    raise MalformedCurie(f"{iri!r} begins with no namespace that prefixes.tsv lists; add a row there")


@lru_cache(maxsize=65536)
def normalize(curie: str) -> str:
    """Return the CURIE with its preferred prefix, checked; spellings of other sources are accepted.

    DOIs, in which case means nothing, come back in lower case.

    Raises:
        MalformedCurie: as `check`.

    >>> [normalize(c) for c in ("DB:DB12159", "reactome:R-HSA-6785807", "taxonomy:9606", "TIGR:02074")]
    ['DRUGBANK:DB12159', 'REACT:R-HSA-6785807', 'NCBITaxon:9606', 'TIGRFAM:TIGR02074']
    """
    prefix, local = _split(curie.strip(_MARGIN) if isinstance(curie, str) else curie)
    exact, loose = _spellings()
    name = exact.get(prefix) or loose.get(prefix.lower())
    if name is None:
        raise _unknown(prefix, curie)
    row = prefixes()[name]
    head, colon, tail = local.partition(":")
    if colon and tail and (exact.get(head) or loose.get(head.lower())) == name and not row.pattern.fullmatch(local):
        local = tail
    if row.local_prefix and not local.startswith(row.local_prefix):
        local = row.local_prefix + local
    if name == "DOI":
        local = local.lower()
    return check(f"{name}:{local}")


def check(curie: str) -> str:
    r"""Return the CURIE if its prefix is a preferred one and its local id fits the pattern.

    Raises:
        MalformedCurie: says what is wrong and how to mend it.

    >>> check("GO:005507")
    Traceback (most recent call last):
    ...
    ontologies.errors.MalformedCurie: 'GO:005507': '005507' is off the pattern of GO (^\d{7}$); look the id up again
    """
    prefix, local = _split(curie)
    row = prefixes().get(prefix)
    if row is None:
        raise _unknown(prefix, curie)
    if not row.pattern.fullmatch(local):
        pattern = f"^{row.pattern.pattern}$"
        raise MalformedCurie(f"{curie!r}: {local!r} is off the pattern of {prefix} ({pattern}); look the id up again")
    return curie


def is_curie(text: str) -> bool:
    """Tell whether `check` accepts the text.

    >>> is_curie("CL:0000546"), is_curie("Th2 cell")
    (True, False)
    """
    try:
        check(text)
    except MalformedCurie:
        return False
    return True
