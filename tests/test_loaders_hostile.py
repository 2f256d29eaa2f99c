"""Random and mutated bytes: a loader gives records or `BadInput` with located faults, quickly, and nothing else."""

from __future__ import annotations

import gzip
import io
import json
import re
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loaders.corpus_records
import loaders.corpus_tables
import loaders.drugmechdb
import loaders.json_records
import loaders.structure
import loaders.yaml_fields
import loaders.yaml_records
import ontologies.units
from loaders import LossReport, curated, drugmechdb
from loaders.base import MAX_FAULTS, Load, Mode
from ontologies.errors import BadInput
from ontologies.prefixes import prefixes
from tests.limits import HANG

CASES = Path(__file__).parent / "cases" / "loaders"
SEEDS: dict[str, tuple[Load, bytes]] = {
    "drugmechdb": (drugmechdb.load, (CASES / "seed.jsonl").read_bytes()),
    "corpus": (curated.load, (CASES / "seed.yaml").read_bytes()),
}
FAST = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
PIECES = [b'"', b"{", b"}", b"[", b"]", b":", b",", b"\\", b"\n", b"\x00", b"\xff", b"&a ", b"*a ", b"!!x ", b"- ", b"null",
          b"1e999", b"\xed\xa0\x80", b"\\ud800", b"NaN", b"\t", b"%", b"#", b"'", b"\xef\xbb\xbf",
          b"\xe2\x80\xa8", b"? ", b"| "]  # fmt: skip


def _run(load: Load, data: bytes, mode: Mode = "normal") -> float:
    """Read the bytes; anything but records or a `BadInput` with located faults fails the test."""
    started = time.perf_counter()
    caught: BadInput | None = None
    try:
        for _ in load(io.BytesIO(data), name="fuzz", report=LossReport(mode)):
            pass
    except BadInput as error:
        caught = error
    seconds = time.perf_counter() - started
    if caught is not None:
        assert 1 <= len(caught.faults) <= MAX_FAULTS + 1
        assert all(fault.problem and fault.line >= 0 and fault.column >= 0 for fault in caught.faults)
        assert str(caught).encode()
    return seconds


@pytest.mark.parametrize("source", SEEDS)
def test_the_seeds_are_sound(source: str) -> None:
    """What is mutated below loads without a fault."""
    load, seed = SEEDS[source]
    assert list(load(io.BytesIO(seed), name="seed", report=LossReport("strict")))


@pytest.mark.parametrize("source", SEEDS)
@given(data=st.binary(max_size=400))
@FAST
def test_random_bytes(source: str, data: bytes) -> None:
    """Noise is no file of ours, in any mode."""
    _run(SEEDS[source][0], data)
    _run(SEEDS[source][0], data, "lenient")


@pytest.mark.parametrize("mode", ["strict", "normal", "lenient"])
@pytest.mark.parametrize("source", SEEDS)
@given(data=st.data())
@FAST
def test_mutated_files(source: str, mode: Mode, data: st.DataObject) -> None:
    """Real files with pieces cut out, put in, doubled, or bytes changed."""
    load, seed = SEEDS[source]
    text = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        what = data.draw(st.sampled_from(["cut", "put", "flip", "double"]))
        length = data.draw(st.integers(1, 40))
        if what == "cut":
            del text[at : at + length]
        elif what == "put":
            text[at:at] = data.draw(st.sampled_from(PIECES))
        elif what == "double":
            text[at:at] = text[at : at + length]
        elif at < len(text):
            text[at] = data.draw(st.integers(0, 255))
    assert _run(load, bytes(text), mode) < HANG


@pytest.mark.parametrize("source", SEEDS)
def test_files_cut_at_every_place(source: str) -> None:
    """Plain or packed, a file that ends too early is a fault or a shorter file."""
    load, seed = SEEDS[source]
    for length in range(0, len(seed), max(1, len(seed) // 60)):
        _run(load, seed[:length])
    packed = gzip.compress(seed)
    for length in range(2, len(packed), max(1, len(packed) // 60)):
        with pytest.raises(BadInput):
            list(load(io.BytesIO(packed[:length]), name="cut.gz"))


def _line(**changes: object) -> bytes:
    return json.dumps({"graph": {"_id": "R"}, "nodes": [], "links": [], **changes}).encode()


NODES = [{"id": f"MESH:D{n:06}", "label": "Drug", "name": "n"} for n in range(1_999)]
LARGE: dict[str, Callable[[], bytes]] = {
    "noise lines": lambda: b"{]\n" * 3_000_000,
    "empty objects": lambda: b"{}\n" * 3_000_000,
    "one line": lambda: b"x" * 10_000_000,
    "newlines": lambda: b"\n" * 10_000_000,
    "deep": lambda: (b"[" * 1_000_000 + b"\n") * 10,
    "wide": lambda: b'{"graph":[' + b"[]," * 300_000 + b"[]]}\n",
    "same id": lambda: (_line() + b"\n") * 200_000,
    "unknown predicates": lambda: b"\n".join(
        _line(graph={"_id": f"R{n}"}, nodes=NODES[:2], links=[{"key": "p" * 300, "source": "a", "target": "b"}] * 2_000)
        for n in range(12)
    ),
    "bad ids": lambda: b"\n".join(
        _line(graph={"_id": f"R{n}"}, nodes=[{"id": f"GO:{i}x{n}", "label": "Cell", "name": "n"} for i in range(1_999)])
        for n in range(90)
    ),
    "long names": lambda: b"\n".join(
        _line(graph={"_id": f"R{n}"}, nodes=[{"id": "GO:1", "label": "x" * 9_000, "name": "y" * 90_000}] * 9) for n in range(11)
    ),
    "nulls": lambda: b"\x00" * 10_000_000,
    "not utf-8": lambda: b"\xff\xfe\n" * 3_000_000,
}


@pytest.mark.parametrize("mode", ["normal", "lenient"])
@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_ten_megabytes_of_malice(make: Callable[[], bytes], mode: Mode) -> None:
    """Each file of up to 10 MB is dealt with in 2 s."""
    assert _run(drugmechdb.load, make(), mode) < HANG


def test_memory_does_not_grow_with_the_file() -> None:
    """Ten thousand records of the same things take no more memory than a thousand."""

    def peak(number: int) -> int:
        nodes = [{"id": "MESH:D000001", "label": "Drug", "name": "a"}, {"id": "UniProt:P24394", "label": "Protein", "name": "b"}]
        link = {"key": "affects risk for", "source": "MESH:D000001", "target": "UniProt:P24394"}
        data = b"\n".join(_line(graph={"_id": f"R{n}"}, nodes=nodes, links=[link]) for n in range(number))
        stream = io.BytesIO(gzip.compress(data))
        del data
        tracemalloc.start()
        for _ in drugmechdb.load(stream, name="x"):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small, large = peak(500), peak(5_000)
    assert large < small + 2 * 1024**2


PATTERNS = {
    f"{module.__name__}.{name}": value
    for module in (
        loaders.corpus_records, loaders.corpus_tables, loaders.drugmechdb, loaders.json_records, loaders.structure,
        ontologies.units, loaders.yaml_fields, loaders.yaml_records,
    )
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
} | {f"prefix {name}": prefix.pattern for name, prefix in prefixes().items()}  # fmt: skip
ATTACKS = ["a" * 50_000, "0" * 50_000, "-" * 50_000, " " * 50_000, "{" * 50_000, "[" * 50_000, "1 - " * 12_500, "a-" * 25_000,
           "1.1" * 16_000, "1 and " * 8_000, "[A" * 25_000, "2018-" * 10_000, "no" * 25_000, ("a" * 49_999) + "!"]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_no_pattern_is_slow(pattern: re.Pattern[str]) -> None:
    """No regular expression of ours runs away on 50 kB."""
    for attack in ATTACKS:
        started = time.perf_counter()
        pattern.search(attack)
        pattern.fullmatch(attack)
        assert time.perf_counter() - started < HANG
