"""RDF files that are refused: bad syntax, deep nesting, remote contexts."""

from __future__ import annotations

import time

import pytest

from kg.graph import Graph
from kg.rdf import check_depth, parse_rdf, read_rdf, write_rdf
from ontologies.errors import BadInput
from tests.limits import HANG


def test_bad_syntax_has_a_place() -> None:
    """A file that is not RDF is refused with line and column."""
    with pytest.raises(BadInput) as caught:
        read_rdf(b"<http://x/a> <http://x/b> <http://x/c> .\n<http://x/a> nonsense .\n", "nquads", source="a.nq")
    assert caught.value.faults[0].line == 2
    with pytest.raises(BadInput, match="unknown RDF format 'xml'"):
        write_rdf(Graph({}, {}, {}), "xml")


def test_deep_nesting_is_refused_before_a_parser_sees_it() -> None:
    """44 kB of nested JSON-LD would end the process; quotes, comments and IRIs do not count as nesting."""
    deep = b'{"http://x/p":' * 3000 + b"1" + b"}" * 3000
    for data, form in ((deep, "jsonld"), (b"<http://x/a> <http://x/b> " + b"(" * 50_000, "turtle")):
        with pytest.raises(BadInput, match="nested deeper than 128"):
            list(parse_rdf(data, form))
    check_depth(b'"' + b"{" * 500 + b'" # ' + b"[" * 500 + b"\n<http://x/" + b"(" * 500 + b">")


def test_json_ld_contexts_are_never_fetched() -> None:
    """A context by address is an error, and nothing listens to it."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/context.jsonld"
        with pytest.raises(BadInput, match="cannot be read as jsonld"):
            list(parse_rdf(f'{{"@context": "{address}", "a": 1}}'.encode(), "jsonld"))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("piece", [b'"\\', b"'\\", b'"\'\\', b"'\"\\\\", b'"a\\"', b"<\"'\\"])
def test_unclosed_quotes_are_passed_over_in_one_pass(piece: bytes) -> None:
    """Quotes that never close hide no bracket, and a megabyte of them is read once, not once for each."""
    start = time.monotonic()
    check_depth(piece * (1_000_000 // len(piece)))
    with pytest.raises(BadInput, match="nested deeper than 128"):
        check_depth(b"[" * 100 + b'"' + b"[" * 100 + b"'")
    assert time.monotonic() - start < HANG
