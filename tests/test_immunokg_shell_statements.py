"""Where statements end, and when Enter runs what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunokg.shell.clauses import Language
from immunokg.shell.statements import is_command, is_complete, next_statement, statements

LANGUAGES: tuple[Language, ...] = ("sparql", "cypher")


def _texts(text: str, language: Language) -> list[str]:
    return [found.text for found in statements(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK {}", ["ASK {}"]),
        ("ASK {}; ASK {}", ["ASK {}", "ASK {}"]),
        ("ASK {};;; ;ASK {};", ["ASK {}", "ASK {}"]),
        ("", []),
        (" \n# only a comment; really\n", []),
        ("ASK { ?s a ikg:Claim ; ikg:sign 1 . }", ["ASK { ?s a ikg:Claim ; ikg:sign 1 . }"]),
        ("ASK { ?s rdfs:label 'a;b' }; ASK {}", ["ASK { ?s rdfs:label 'a;b' }", "ASK {}"]),
        ('ASK { ?s rdfs:label """a;\n\n"b" };""" }; ASK {}', ['ASK { ?s rdfs:label """a;\n\n"b" };""" }', "ASK {}"]),
        ("ASK { ?s <http://x#;a> ?o } ; ASK {}", ["ASK { ?s <http://x#;a> ?o }", "ASK {}"]),
        ("ASK { # not the end; nor }\n }\n;ASK {}", ["ASK { # not the end; nor }\n }", "ASK {}"]),
        ("PREFIX x: <http://x#>\n\nASK {}", ["PREFIX x: <http://x#>\n\nASK {}"]),
        ("ASK {}\n\nPREFIX x: <http://x#>\nASK {}", ["ASK {}", "PREFIX x: <http://x#>\nASK {}"]),
        ("ASK {}\n# note\n\nASK {}", ["ASK {}", "ASK {}"]),
        ("SELECT * {\n\n?s ?p ?o\n\n}\n\nLIMIT 3", ["SELECT * {\n\n?s ?p ?o\n\n}\n\nLIMIT 3"]),
        ("CONSTRUCT { ?s ?p ?o }\n\nWHERE { ?s ?p ?o }", ["CONSTRUCT { ?s ?p ?o }\n\nWHERE { ?s ?p ?o }"]),
        ("CONSTRUCT WHERE { ?s ?p ?o }\n\nASK {}", ["CONSTRUCT WHERE { ?s ?p ?o }", "ASK {}"]),
        (".format csv\nASK {}", [".format csv", "ASK {}"]),
        ("ASK {}\n.format csv\nASK {}", ["ASK {}", ".format csv", "ASK {}"]),
        (".save a;b.csv", [".save a;b.csv"]),
        ("ASK { ?s ikg:sign 1 .\n.5 }", ["ASK { ?s ikg:sign 1 .\n.5 }"]),
        ("ASK { ?s rdfs:label \"never closed }; ASK {}", ["ASK { ?s rdfs:label \"never closed }", "ASK {}"]),
        ("ASK {}; ASK { '''never closed };\n\nASK {}", ["ASK {}", "ASK { '''never closed };\n\nASK {}"]),
        ("DESCRIBE HGNC:6015\n\nDESCRIBE HGNC:6014", ["DESCRIBE HGNC:6015", "DESCRIBE HGNC:6014"]),
        ("INSERT DATA { <a:b> <a:b> 1 }\n\nASK {}", ["INSERT DATA { <a:b> <a:b> 1 }", "ASK {}"]),
        ("quit\nASK {}", ["quit", "ASK {}"]),
    ],
)  # fmt: skip
def test_sparql_is_cut_into_statements(text: str, expected: list[str]) -> None:
    """Semicolons and blank lines end a SPARQL statement, but not in brackets, strings, IRIs, comments and prologues."""
    assert _texts(text, "sparql") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RETURN 1; RETURN 2;", ["RETURN 1", "RETURN 2"]),
        ("RETURN ';' AS a; RETURN \"\\\";\" AS b", ["RETURN ';' AS a", 'RETURN "\\";" AS b']),
        ("RETURN 1 AS `a;b`; RETURN 2", ["RETURN 1 AS `a;b`", "RETURN 2"]),
        ("RETURN 1 // ; no\n; RETURN /* ; no\n\n */ 2", ["RETURN 1", "RETURN /* ; no\n\n */ 2"]),
        ("RETURN 'a\n\n;b'; RETURN 2", ["RETURN 'a\n\n;b'", "RETURN 2"]),
        ("MATCH (d:Drug)\n\nRETURN d\n\nMATCH (g:Gene)\nRETURN g", ["MATCH (d:Drug)\n\nRETURN d", "MATCH (g:Gene)\nRETURN g"]),
        ("MATCH (d)\nRETURN d\n\nORDER BY d.name\n\nLIMIT 3", ["MATCH (d)\nRETURN d\n\nORDER BY d.name\n\nLIMIT 3"]),
        ("RETURN 1\n\nUNION\n\nRETURN 2", ["RETURN 1\n\nUNION\n\nRETURN 2"]),
        ("CALL { RETURN 1 AS a; }\n\nRETURN a", ["CALL { RETURN 1 AS a; }\n\nRETURN a"]),
        ("CALL db.labels()\n\nRETURN 1", ["CALL db.labels()", "RETURN 1"]),
        ("CALL db.labels() YIELD label\n\nRETURN label", ["CALL db.labels() YIELD label\n\nRETURN label"]),
        ("RETURN CASE WHEN true THEN 1\n\nELSE 2 END\n\nRETURN 2", ["RETURN CASE WHEN true THEN 1\n\nELSE 2 END", "RETURN 2"]),
        ("RETURN d\n.name", ["RETURN d", ".name"]),
        ("RETURN 1\n.cypher\nRETURN 2", ["RETURN 1", ".cypher", "RETURN 2"]),
        ("RETURN 'never closed; RETURN 2", ["RETURN 'never closed; RETURN 2"]),
        ("RETURN /* never closed; RETURN 2", ["RETURN /* never closed; RETURN 2"]),
        ("CREATE (n)\n\nRETURN 1", ["CREATE (n)", "RETURN 1"]),
        (":param x => 1\nRETURN 1", [":param x => 1", "RETURN 1"]),
        ("// note\n\nRETURN 1", ["RETURN 1"]),
        ("RETURN {a: 1}.a; RETURN 2", ["RETURN {a: 1}.a", "RETURN 2"]),
    ],
)
def test_cypher_is_cut_into_statements(text: str, expected: list[str]) -> None:
    """Semicolons and blank lines end a Cypher statement, but not in brackets, strings, names, comments and half sentences."""
    assert _texts(text, "cypher") == expected


def test_places_are_those_of_the_whole_text() -> None:
    """Line and column of a statement count from 1 in the text that it stands in."""
    text = "# first\n  ASK {};\n\n   ASK {\n}\n"
    found = list(statements(text, "sparql"))
    assert [(s.line, s.column) for s in found] == [(2, 3), (4, 4)]
    assert [text[s.start : s.start + len(s.text)] for s in found] == ["ASK {}", "ASK {\n}"]


_RUNS = {
    "sparql": [
        "", "ASK {}", "ASK {};", "ASK {}; ASK {} ;", "ASK {\n}\n", "ASK {\n};", "SELECT * {\n?s ?p ?o }\nLIMIT 3;", ".help",
        "exit", ":q",
        "\\d", "SELCT * {}", "SELECT * {\n\n", "DESCRIBE HGNC:6015", "CONSTRUCT WHERE { ?s ?p ?o }", "PREFIX a: <http://a#>\n\n",
        "# note\n",
        "ASK {} # yes", "ASK { ?s rdfs:label '''a\n\n",
    ],
    "cypher": [
        "RETURN 1", "MATCH (n) RETURN *", "MATCH (n)\nRETURN n;", "MATCH (n)\nRETURN n\n", "CALL db.labels()", "SHOW INDEXES",
        "RETURN 1 // ;", "MATCH (n)\n", "RETURN CASE WHEN true THEN 1 END", "RETURN n.limit", "CREATE (n)", "MATHC (n)",
    ],
}  # fmt: skip
_GOES_ON = {
    "sparql": [
        "ASK {}; SELECT ?s", "SELECT ?s", "SELECT (COUNT(*) AS ?n)", "SELECT * {", "SELECT * {\n?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o }", "DESCRIBE",
        "PREFIX a: <http://a#>", "PREFIX a: <http://a#>\n", "SELECT * {\n", "ASK { ?s ?p ?o ;", "# note",
        "ASK { ?s rdfs:label '''a\n",
    ],
    "cypher": [
        "MATCH (n)", "MATCH (n) RETURN", "MATCH (n)\nRETURN n", "RETURN 1 +", "RETURN 'a;", "RETURN 1 UNION", "RETURN 1 ORDER BY",
        "RETURN CASE WHEN true THEN 1", "RETURN [1,", "RETURN 1 /* ;", "MATCH (n) WITH n", "MATCH (n) RETURN n LIMIT",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in LANGUAGES for text in _RUNS[language]])
def test_enter_runs(language: Language, text: str) -> None:
    """A command, a whole line, a semicolon, an empty line: Enter runs them."""
    assert is_complete(text, language)


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in LANGUAGES for text in _GOES_ON[language]])
def test_enter_goes_on(language: Language, text: str) -> None:
    """Half a sentence, an open bracket, several lines without an end: Enter starts a new line."""
    assert not is_complete(text, language)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (".help", True), (" .x", True), (":exit", True), ("\\q", True), ("QUIT ;", True), ("exit now", False), ("ASK {}", False),
        ("", False),
    ],
)
def test_commands_are_known_by_their_first_sign(text: str, command: bool) -> None:
    """A dot begins a command; the signs of other shells do too, and are answered."""
    assert is_command(text) is command


_PARTS = {
    "sparql": st.sampled_from(
        [
            "ASK { ?s ?p ';' }", "SELECT * { ?s a ikg:Claim ; ikg:sign 1 }", 'ASK { ?s ?p """;\n\n""" }', "ASK { # ;\n }",
            "DESCRIBE <a:;#>",
        ]
    ),
    "cypher": st.sampled_from(
        [
            "RETURN ';'", "MATCH (n {a: ';'}) RETURN n", "RETURN 1 AS `;`", "RETURN /* ; */ 1", "RETURN [1, // ;\n 2]",
            "CALL { RETURN 1 } RETURN 2",
        ]
    ),
}  # fmt: skip


@given(language=st.sampled_from(LANGUAGES), data=st.data())
def test_what_is_joined_comes_apart(language: Language, data: st.DataObject) -> None:
    """Statements joined by semicolons or blank lines are found again, whatever they hold."""
    parts = data.draw(st.lists(_PARTS[language], max_size=5))
    joint = st.sampled_from([";", " ;\n", "\n\n", ";\n\n", "\n;\n"])
    joints = data.draw(st.lists(joint, min_size=len(parts), max_size=len(parts)))
    text = "".join(part + joint for part, joint in zip(parts, joints, strict=True))
    assert _texts(text, language) == parts


@given(language=st.sampled_from(LANGUAGES), text=st.text(st.sampled_from("aA. \n;'\"`{}()<>*?:\\R1"), max_size=60))
def test_every_text_is_cut_without_loss(language: Language, text: str) -> None:
    """Whatever is typed comes apart into pieces in order; between them stand blanks and semicolons alone."""
    at, between = 0, ""
    while (found := next_statement(text, at, language)) is not None:
        assert at <= found.start < found.start + len(found.text) <= found.end
        assert text.startswith(found.text, found.start)
        between += text[at : found.start] + text[found.start + len(found.text) : found.end]
        at = found.end
    assert set(between + text[at:]) <= set(" \n;")
    assert is_complete(text + "\n\n", language)


@given(language=st.sampled_from(LANGUAGES), text=st.text(max_size=40))
def test_any_text_can_be_typed(language: Language, text: str) -> None:
    """No text makes the shell stumble; two empty lines always run it."""
    assert all(found.text for found in statements(text, language))
    assert is_complete(f"{text}\n\n\n", language)
