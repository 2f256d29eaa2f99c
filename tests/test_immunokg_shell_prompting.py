"""The line editor without a terminal: keys in, texts out; the history file; colours."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from pygments.lexers.rdf import SparqlLexer
from pygments.token import Comment, Error, Keyword, Name, Number, String

from immunokg.console import Session
from immunokg.knowledge_graph import KnowledgeGraph
from immunokg.shell.highlighting import OurCypherLexer, ShellLexer
from immunokg.shell.history import KeptHistory, history_path
from immunokg.shell.prompting import Prompter, ShellCompleter
from immunokg.shell.session import Shell
from immunokg.shell.settings import Settings
from kg.graph import Graph
from ontologies.entity import Entity
from ontologies.errors import BackendError

ALT_ENTER, LEFT = "\x1b\r", "\x1b[D"


@pytest.fixture
def shell(small_graph: Graph) -> Shell:
    """Return a shell on a small graph."""
    return Shell(Session(), KnowledgeGraph(small_graph), Settings())


def typed(shell: Shell, keys: str) -> str:
    """Return what the line editor makes of the keys."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        prompter = Prompter(shell, InMemoryHistory(), input=pipe, output=DummyOutput())
        pipe.send_text(keys)
        return prompter.ask()


@pytest.mark.parametrize(
    ("engine", "keys", "text"),
    [
        ("oxigraph", "ASK {}\r", "ASK {}"),
        ("oxigraph", "\r", ""),
        ("oxigraph", "SELECT ?s {\r?s ?p ?o }\r\r", "SELECT ?s {\n?s ?p ?o }\n"),
        ("oxigraph", "SELECT ?s {\r  ?s ?p ?o\r};\r", "SELECT ?s {\n  ?s ?p ?o\n  };"),
        ("oxigraph", f"ASK {{}}{ALT_ENTER}LIMIT 1;\r", "ASK {}\nLIMIT 1;"),
        ("oxigraph", f"ASK {{}}{LEFT}{LEFT}\r", "ASK {}"),
        ("oxigraph", "\x1b[200~ASK {\r\r\r}\x1b[201~\r;\r", "ASK {\n\n\n}\n;"),
        ("arcadedb", "MATCH (n)\rRETURN n;\r", "MATCH (n)\nRETURN n;"),
        ("arcadedb", "RETURN 1\r", "RETURN 1"),
        ("oxigraph", ".help\r", ".help"),
    ],
)
def test_enter_runs_or_goes_on(shell: Shell, engine: str, keys: str, text: str) -> None:
    """Whole texts are returned; half ones go on in the next line, with its indent; what is pasted comes as it is."""
    shell.settings.choose(engine)
    assert typed(shell, keys) == text


def test_keys_that_leave(shell: Shell) -> None:
    """Ctrl-C throws the text away, Ctrl-D on an empty line leaves, and in a text it deletes a letter."""
    with pytest.raises(KeyboardInterrupt):
        typed(shell, "ASK {\x03")
    with pytest.raises(EOFError):
        typed(shell, "\x04")
    assert typed(shell, f"ASK {{}}x{LEFT}\x04\r") == "ASK {}"


def test_history_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    """A file of mode 0600 in a directory that is made when needed; several lines and odd letters come back."""
    path = tmp_path / "new" / "shell-history"
    history = KeptHistory(path)
    assert list(history.load_history_strings()) == []
    texts = ["ASK {}", "SELECT ?s {\n\n?s ?p 'ä\u2028日' }", "+# not a comment\n# nor this", "half \ud800 a pair"]
    for text in texts:
        history.store_string(text)
    texts[-1] = "half ? a pair"
    assert list(KeptHistory(path).load_history_strings()) == texts[::-1]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        history.store_string("ASK {}")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_history_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    """A folder in the place of the file, a file in the place of the folder: nothing is read and nothing is said."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("", "utf-8")
    for path in (tmp_path / "folder", tmp_path / "file" / "shell-history"):
        history = KeptHistory(path)
        history.store_string("ASK {}")
        assert list(history.load_history_strings()) == []


def test_a_long_history_loses_its_older_half(tmp_path: Path) -> None:
    """Beyond a megabyte the older half goes, at the border of an entry, and nothing else is left in the folder."""
    path = tmp_path / "shell-history"
    texts = [f"ASK {{ # {number} {'x' * 1000} }}" for number in range(1500)]
    history = KeptHistory(path)
    for text in texts:
        history.store_string(text)
    kept = list(KeptHistory(path).load_history_strings())
    assert kept == texts[: -len(kept) - 1 : -1]
    assert 400 < len(kept) < 600
    assert path.stat().st_size <= 1 << 19
    assert [file.name for file in tmp_path.iterdir()] == ["shell-history"]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_history_stands_beside_the_built_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory is the one that IMMUNOKG_HOME names."""
    monkeypatch.setenv("IMMUNOKG_HOME", str(tmp_path))
    assert history_path() == tmp_path / "shell-history"


def test_tab_offers_with_what_is_known_of_it(shell: Shell) -> None:
    """The menu shows the name and the kind of an entity; what is written is the CURIE."""
    text = "ASK { @Dupixen"
    (found,) = ShellCompleter(shell).get_completions(Document(text, len(text)), CompleteEvent(completion_requested=True))
    assert (found.text, found.start_position) == ("DRUGBANK:DB12159", -len("@Dupixen"))
    assert (found.display_text, found.display_meta_text) == ("dupilumab", "Drug DRUGBANK:DB12159")


def test_tab_never_fails(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that cannot be read is told by the next query, not by Tab."""

    def fail(text: str) -> Sequence[Entity]:
        raise BackendError("entities.parquet is missing or damaged")

    monkeypatch.setattr(shell, "find", fail)
    text = "ASK { @Dupixen"
    assert list(ShellCompleter(shell).get_completions(Document(text, len(text)), CompleteEvent())) == []


CYPHER = """MATCH (d:Drug {id: $drug})-[r:TREATS|CAUSES*1..3]->(x) /* all
of them */ WHERE d.name STARTS WITH 'a\\'b' AND r.support >= 0.5 % 2 ^ 3 RETURN count(d) AS `n`, d {.name} // end"""


def _pieces(text: str, lexer: type[OurCypherLexer | SparqlLexer]) -> Iterator[tuple[object, str]]:
    return ((kind, piece) for kind, piece in lexer().get_tokens(text) if piece.strip())


def test_cypher_has_its_colours() -> None:
    """Parameters, labels, types, numbers, operators and comments of several lines; nothing is marked as an error."""
    found = list(_pieces(CYPHER, OurCypherLexer))
    assert "".join(piece for _, piece in OurCypherLexer().get_tokens(CYPHER)).rstrip("\n") == CYPHER
    assert [piece for kind, piece in found if kind is Error] == []
    for kind, piece in (
        (Name.Variable, "$drug"), (Name.Class, "Drug"), (Name.Class, "TREATS"), (Keyword, "MATCH"), (Keyword, "AND"),
        (Number, "0.5"), (String, "'a\\'b'"), (Name.Function, "count"), (Comment.Multiline, "/* all\nof them */"),
        (Comment.Single, "// end"),
    ):  # fmt: skip
        assert (kind, piece) in found


@pytest.mark.parametrize(
    "text", ["RETURN 'never closed", 'RETURN "a \\', "RETURN /* never closed", "MATCH (d:Drug {a: $", "-[" * 20_000]
)
def test_half_a_text_is_coloured_too(text: str) -> None:
    """What is still being typed is no error, and nothing takes long."""
    pieces = list(_pieces(text, OurCypherLexer))
    assert [piece for kind, piece in pieces if kind is Error] in ([], ["$"], ["\\"])


@pytest.mark.parametrize(
    ("language", "text", "style"),
    [
        ("sparql", "ASK { ?s a ikg:Claim }", "keyword"), ("cypher", "MATCH (d:Drug)", "name.class"),
        ("cypher", ".format csv", "class:command"),
    ],
)
def test_the_language_in_force_is_coloured(language: str, text: str, style: str) -> None:
    """SPARQL, Cypher and commands each have their own colours."""
    lexer = ShellLexer(lambda: "cypher" if language == "cypher" else "sparql")
    styles = " ".join(str(piece[0]) for piece in lexer.lex_document(Document(text))(0))
    assert style in styles
