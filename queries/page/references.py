"""Citations: works numbered in the order they are first used, each with the place where a reader finds it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from queries.explanation.answer import EvidenceItem
from queries.page.blocks import GLUE, Cite, Link, Reference, References, Text

__all__ = ["Citations", "cited", "identifier"]

#: Prefix → pattern of a well-formed local part, how it is printed, where it leads.
_CATALOGUES: Final = {
    "PMID": (re.compile(r"[0-9]{1,9}"), f"PMID{GLUE}{{}}", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "DOI": (re.compile(r"10\.[0-9.]+/\S+"), "doi:{}", "https://doi.org/{}"),
    "PMC": (re.compile(r"PMC[0-9]+"), "{}", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    "clinicaltrials": (re.compile(r"NCT[0-9]{8}"), "{}", "https://clinicaltrials.gov/study/{}"),
}


def identifier(key: str) -> Link | str:
    """Return how a publication's key is printed: a link for a paper or trial, words for a database record.

    >>> identifier("PMID:30292824").url, identifier("db:DrugMechDB/DB12159_MESH_D003876_1")
    ('https://pubmed.ncbi.nlm.nih.gov/30292824/', 'DrugMechDB record DB12159_MESH_D003876_1')
    """
    prefix, colon, local = key.partition(":")
    if not colon:
        return key
    if prefix == "db":
        prefix, _, local = local.partition("/")
    if prefix not in _CATALOGUES:
        return f"{prefix} record {local}"
    pattern, words, url = _CATALOGUES[prefix]
    shown = words.format(local)
    return Link(shown, url.format(quote(local, safe="/."))) if pattern.fullmatch(local) else shown


class Citations:
    """Gives every publication a number when it is first cited, and lists them at the end."""

    def __init__(self) -> None:
        self._entries: dict[str, Reference] = {}

    def cite(self, items: Iterable[EvidenceItem]) -> Cite:
        """Return the numbers of the publications of these evidences, in order, each once."""
        return Cite(tuple(sorted({self._number(item) for item in items})))

    def _number(self, item: EvidenceItem) -> int:
        if item.publication not in self._entries:
            number = len(self._entries) + 1
            self._entries[item.publication] = Reference(number, _described(item), identifier(item.publication))
        return self._entries[item.publication].number

    def references(self) -> References | None:
        """Return the list of all that was cited, or None when nothing was."""
        return References(tuple(self._entries.values())) if self._entries else None


def _described(item: EvidenceItem) -> str:
    title = item.title.strip().rstrip(".")
    date = "" if item.date == "unknown" else item.date
    source = ", ".join(part for part in (item.journal, date) if part)
    ending = "" if title.endswith(("?", "!")) else "."
    return " ".join(part for part in (f"{title}{ending}" if title else "", f"{source}." if source else "") if part) or (
        "(title not recorded)"
    )


def cited(text: str, *cites: Cite) -> Text:
    r"""Return a text that ends with its citations, if there are any.

    >>> cited("IL4 lowers TNF", Cite((3,)), Cite(()))
    ('IL4 lowers TNF\xa0', Cite(numbers=(3,)))
    """
    numbers = tuple(sorted({number for cite in cites for number in cite.numbers}))
    return (f"{text}{GLUE}", Cite(numbers)) if numbers else text
