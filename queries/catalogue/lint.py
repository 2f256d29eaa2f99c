"""What must hold of every question's files, checked with the parsers that run them.

``python -m queries.catalogue.lint`` prints what is wrong and ends with 1, or says how many questions were read.

>>> find_faults()
()
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise

from kg.property_graph import KINDS, LINKS, RELATION_PROPERTIES, labels, types
from ontologies.errors import BadInput, Fault
from ontologies.rdf_terms import rdf_terms
from ontologies.vocabulary import relations
from queries.catalogue.question import Question, questions
from queries.cypher_engine.guard import Token, check_cypher, cypher_tokens
from queries.sparql_engine.guard import check_query, query_tokens

__all__ = ["find_faults", "main"]

_PREFIX = re.compile(r"PREFIX\s+(\w*):\s*<([^>]*)>", re.IGNORECASE)
_ENGINE_IDS = ("ELEMENTID", "ID")
_SEPARATORS = (":", "|", "&")


def find_faults(asked: Iterable[Question] | None = None) -> tuple[Fault, ...]:
    """Return everything that is wrong in some questions, else in the catalogue (where a bad header raises `BadInput`)."""
    looked_at = questions().values() if asked is None else asked
    return tuple(fault for one in looked_at for fault in (*_sparql_faults(one), *_cypher_faults(one)))


def main() -> int:
    """Print all faults; the exit code is 1 if there are any."""
    try:
        faults = find_faults()
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"{len(questions())} questions, {len(faults)} faults\n")
    return 1 if faults else 0


def _sparql_faults(asked: Question) -> Iterator[Fault]:
    file = f"{asked.name}.rq"
    try:
        check_query(asked.sparql, source=file)
    except BadInput as error:
        yield from error.faults
        return
    tokens = [text for kind, text, _ in query_tokens(asked.sparql) if kind != "comment"]
    words = [token.upper() for token in tokens]
    if "SELECT" not in words or words[words.index("SELECT") + 1] != "DISTINCT":
        yield Fault(file, problem="the outermost SELECT is not DISTINCT", fix="write SELECT DISTINCT: engines repeat rows")
    for word in ("LIMIT", "OFFSET", "GRAPH", "NOW", "RAND"):
        if word in words:
            yield Fault(file, problem=f"{word} stands in it", fix="rows are sorted and cut after they were fetched")
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token in ("*", "+") and (":" in before or before == ")") and after[0] in "?<;":
            yield Fault(file, problem=f"{before}{token} has no bound", fix="write the hops out")
    for parameter in asked.parameters:
        if tokens.count(f"?{parameter.name}") < 2:
            yield Fault(file, field=parameter.name, problem="the parameter is not used", fix="use it, and name it in SELECT")
        if f"?{parameter.name}" in _bound(tokens):
            yield Fault(file, field=parameter.name, problem="the parameter stands in BIND", fix="Oxigraph drops it: use FILTER")
    for column in asked.columns:
        if f"?{column.name}" not in tokens:
            yield Fault(file, field=column.name, problem="no such variable", fix="bind it, or drop the column")
    known = {f"ikg:{name}" for name in (*rdf_terms(), *relations())}
    for name in sorted({text for text in tokens if re.match("ikg:.", text)} - known):
        yield Fault(file, problem=f"{name} is no term of the vocabulary", fix="see ontologies/rdf_terms.tsv and relations.tsv")
    declared = {name for name, _ in _PREFIX.findall(asked.sparql)}
    used = {token.partition(":")[0] for token in tokens if re.fullmatch(r"\w+:\w[\w-]*", token)}
    for name in sorted(used ^ declared):
        yield Fault(file, problem=f"the prefix {name}: is {'not declared' if name in used else 'not used'}", fix="mend PREFIX")


def _bound(tokens: list[str]) -> set[str]:
    """Return what stands inside BIND, but for patterns: Oxigraph takes a variable that is only substituted for empty there."""
    found: set[str] = set()
    round_ = curly = 0
    for before, text in pairwise(tokens):
        if round_ or (before.upper() == "BIND" and text == "("):
            round_ += text.count("(") - text.count(")")
            curly += text.count("{") - text.count("}")
            if not curly:
                found.add(text)
    return found


def _cypher_faults(asked: Question) -> Iterator[Fault]:
    file = f"{asked.name}.cypher"
    try:
        check_cypher(asked.cypher, source=file)
    except BadInput as error:
        yield from error.faults
        return
    tokens = list(cypher_tokens(asked.cypher))
    words = [token.upper for token in tokens]
    for word in ("LIMIT", "SKIP", "ORDER"):
        if word in words:
            yield Fault(file, problem=f"{word} stands in it", fix="rows are sorted and cut after they were fetched")
    for place, token in enumerate(tokens[:-1]):
        if token.upper in _ENGINE_IDS and tokens[place + 1].text == "(":
            yield Fault(file, problem=f"{token.text}() is an engine's own id", fix="use the property id")
        if token.upper == "RETURN" and words[place + 1] != "DISTINCT":
            yield Fault(file, problem="RETURN is not DISTINCT", fix="write RETURN DISTINCT, as in SPARQL")
    for name in sorted(_named(tokens) - labels() - types()):
        yield Fault(file, problem=f"{name} is no label and no relationship type", fix="see docs/property-graph.md")
    for name in sorted(_properties(tokens) - _known_properties()):
        yield Fault(file, problem=f"{name} is no property", fix="see docs/property-graph.md")
    for parameter in asked.parameters:
        if not re.search(rf"\${parameter.name}\b", asked.cypher):
            yield Fault(file, field=parameter.name, problem="the parameter is not used", fix=f"use ${parameter.name}")
    if re.search(r"\*(?!\s*\d*\s*\.\.\s*\d)\s*\]", asked.cypher):
        yield Fault(file, problem="a path has no upper bound", fix="write [*1..3]")


def _named(tokens: list[Token]) -> set[str]:
    """Return what stands as a label or type: a word behind a colon in round or square brackets, or behind a bar there."""
    found, open_ = set(), []
    for place, token in enumerate(tokens):
        if token.kind == "open":
            open_.append(token.text)
        elif token.kind == "close" and open_:
            open_.pop()
        elif token.kind == "word" and place and tokens[place - 1].text in _SEPARATORS and open_ and open_[-1] != "{":
            found.add(token.text)
    return found


def _properties(tokens: list[Token]) -> set[str]:
    """Return what stands behind a dot, or as the key of a map."""
    found, open_ = set(), []
    for place, token in enumerate(tokens):
        following = tokens[place + 1].text if place + 1 < len(tokens) else ""
        if token.kind == "open":
            open_.append(token.text)
        elif token.kind == "close" and open_:
            open_.pop()
        elif token.kind == "word":
            after_dot = place > 0 and tokens[place - 1].text == "." and following != "("
            if after_dot or (following == ":" and open_[-1:] == ["{"]):
                found.add(token.text)
    return found


def _known_properties() -> set[str]:
    kinds = {name for columns in KINDS.values() for name in columns}
    return kinds | set(RELATION_PROPERTIES) | {name for form in LINKS.values() for name in form.properties}


if __name__ == "__main__":
    sys.exit(main())
