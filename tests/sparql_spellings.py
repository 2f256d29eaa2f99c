"""Twenty thousand ways to write SERVICE and LOAD, some of them SPARQL and some not, all aimed at one port of this machine."""

from __future__ import annotations

import itertools
import random

__all__ = ["load_spellings", "mutated", "service_spellings"]

_SERVICES = ("SERVICE", "service", "Service", "sErViCe", r"\u0053ERVICE", r"SERV\u0049CE", r"\U00000053ERVICE")
_LOADS = ("LOAD", "load", "Load", "lOaD", r"\u004COAD", r"LO\u0041D", r"\U0000004Coad")
_GAPS = ("", " ", "\n", "\t", "\r", "#c\n", " # } \" ' <\n", "\n#\n", "\ufeff")
_SILENTS = ("", "SILENT", "silent", "SILENT#\n", r"S\u0049LENT")
_BEFORE = (
    "", "?s ?p ?o .", "?s ?p 1", "?s ?p true", "?s ?p 'x'", "?s ?p '''x'''", '?s ?p """a"b"""', "BIND(1 AS ?y)",
    "FILTER(?a<?b)", "FILTER(?a<'x>')", "FILTER(?a<?b)#>\n", "?s ?p ex:y.", "?s ?p 'x'@en ", "OPTIONAL {}", "{} UNION",
    "GRAPH ?g {", "?s ?p '''a' } #'''", "VALUES ?v {'''a'} ", "FILTER EXISTS {", "MINUS {", "?s ?p 1.", "?s ?p ''",
    "LATERAL {", "?s ?p <<( ?a ?b ?c )>> .", "?s ?p ?o {| ?q ?z |} .", "?s ?p ?o ~ ?r .",
)  # fmt: skip
_AROUND = (
    "SELECT * { %s }", "SELECT * WHERE { { %s } }", "ASK { %s }", "CONSTRUCT { ?s ?p ?o } WHERE { %s }",
    "DESCRIBE ?s { %s }", "SELECT * { { SELECT * { %s } } }", "VERSION '1.2' SELECT * { %s }",
    "PREFIX : <http://x/> SELECT * { %s }", "SELECT * { FILTER NOT EXISTS { %s } }", "SELECT (COUNT(*) AS ?n) { %s } GROUP BY ?s",
)  # fmt: skip
_INTO = ("", " INTO GRAPH <http://x/g>", "INTO#\nGRAPH ex:g", "into graph :g")
_UPDATES_BEFORE = ("", "PREFIX ex: <http://x/> ", "CLEAR ALL;", "INSERT DATA {};\n", "#c\n", "BASE <http://x/> ", "'''a'; ", "<")
_ALPHABET = "<>{}()[]'\"#\\ \n\r\t.:;,|?$_-@^&!=0eESVICLOADu\u0131\u017f\u200b\u2028\ufeff\u00b7"


def _targets(port: int) -> tuple[str, ...]:
    here = f"http://127.0.0.1:{port}/"
    return (f"<{here}>", f"<{here}#'>", f"<{here}?q=(a)>", "<relative>", "?x", "$x", "ikg:x", ":x", r"<\u0068ttp://127.0.0.1/>")


def service_spellings(port: int, number: int, seed: int = 20180701) -> list[str]:
    """Return queries with a SERVICE clause in every spelling and neighbourhood that may confuse a lexer."""
    choose = random.Random(seed)
    parts = (_SERVICES, _GAPS, _SILENTS, _GAPS, _targets(port), _BEFORE, _AROUND)
    found: dict[str, None] = {}
    while len(found) < number:
        word, gap, silent, other, target, before, around = (choose.choice(part) for part in parts)
        inner = f"{before}{word}{gap}{silent}{other}{target}{{?s ?p ?o}}"
        found[around % (inner + "}" * (before.count("{") - before.count("}")))] = None
    return list(found)


def load_spellings(port: int, number: int, seed: int = 20180702) -> list[str]:
    """Return updates with LOAD."""
    parts = (_UPDATES_BEFORE, _LOADS, _GAPS, _SILENTS, _GAPS, _targets(port)[:3], _INTO)
    every = list(itertools.product(*parts))
    chosen = random.Random(seed).sample(every, number)
    return ["".join(part) for part in chosen]


def mutated(texts: list[str], number: int, seed: int = 20180703) -> list[str]:
    """Return texts with one to four characters put in, taken out or replaced."""
    choose = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < number:
        text = choose.choice(texts)
        for _ in range(choose.randint(1, 4)):
            at = choose.randrange(len(text))
            added = choose.choice(("", choose.choice(_ALPHABET), choose.choice(_ALPHABET)))
            text = text[:at] + added + text[at + choose.randint(0, 1) :]
        made[text] = None
    return list(made)
