"""Do the limits hold? Time limits of `explain` and of SPARQL against what was used; every regular expression against attacks.

Run ``python benchmarks/bench_limits.py`` (about a minute and a half). It prints, for questions and queries that would run for
hours, the seconds asked and used (bound: 10 % or 0.1 s more), and for every regular expression in the code and its tables the
worst time on attack strings of 50 kB (bound: 50 ms). Attacks are made from the characters of each expression: one character
repeated, pairs repeated, with and without an end that cannot match, by the methods with which the code uses the expression;
functions that scan whole texts with several expressions are timed as wholes beside them. The dense graph is generated here,
seeded. The last line is JSON, ratios first.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import platform
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

import immunokg as ikg
from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from ontologies.errors import ImmunoKGError

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ontologies", "kg", "loaders", "queries", "immunokg")
SIZE = 50_000
BOUND_MS = 50.0
GIVE_UP = 1.0
METHODS = ("match", "fullmatch", "search", "sub", "split", "findall", "finditer")
EXPLODING = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h . ?i ?t ?j }"


def dense(genes: int, arcs: int) -> Graph:
    """A graph in which almost everything acts on everything."""
    rng = random.Random(20261122)
    drug, disease = "DRUGBANK:DB12159", "MONDO:0005340"
    names = [f"HGNC:{number}" for number in range(1, genes + 1)]
    pairs = rng.sample([*combinations(names, 2), *((b, a) for a, b in combinations(names, 2))], arcs)
    claims = [(drug, "decreases_activity_of", curie) for curie in names[:20]]
    claims += [(curie, "contributes_to", disease) for curie in names[-20:]]
    claims += [(a, rng.choice(("increases_activity_of", "decreases_activity_of")), b) for a, b in pairs]
    entities = [Entity(drug, "dupilumab", "Drug"), Entity(disease, "alopecia areata", "Disease")]
    entities += [Entity(curie, f"G{curie[5:]}", "Gene") for curie in names]
    facts = []
    for number, (subject, relation, object_) in enumerate(claims, 1):
        paper = Publication(f"PMID:{number}", date="2010", precision="year")
        facts.append(Assertion(Statement(subject, relation, object_), Evidence("supports", paper, paper.key, "in_vitro")))
    return Graph.from_records([*entities, *facts])


def kept(asked: float, used: float) -> bool:
    """Whether a limit was kept: within a tenth or a tenth of a second."""
    return used <= asked + max(0.1 * asked, 0.1)


def explain_limits() -> list[tuple[str, float, float]]:
    """Ask questions with far too many paths, under several limits."""
    found = []
    for genes, arcs in ((60, 3_000), (200, 20_000)):
        graph = ikg.KnowledgeGraph(dense(genes, arcs))
        graph.explain("dupilumab", "alopecia areata", k=1, max_steps=1)
        for asked in (0.05, 0.5, 2.0):
            start = time.perf_counter()
            answer = graph.explain("dupilumab", "alopecia areata", k=1000, max_steps=12, timeout=asked)
            used = time.perf_counter() - start
            words = "partial" if answer.benefit.partial or answer.harm.partial else "complete"
            found.append((f"explain, {arcs:,} steps, {words}", asked, used))
    return found


def sparql_limits() -> list[tuple[str, float, float]]:
    """Ask a query of 10^20 rows, under several limits; the next query must be answered soon."""
    graph = ikg.open()
    graph.sparql("ASK {}")
    found = []
    for asked in (0.2, 0.5, 2.0):
        start = time.perf_counter()
        try:
            graph.sparql(EXPLODING, timeout=asked)
            words = "answered"
        except ImmunoKGError as error:
            words = type(error).__name__
        used = time.perf_counter() - start
        start = time.perf_counter()
        graph.sparql("ASK {}")
        found.append((f"SPARQL, {words}, next after {time.perf_counter() - start:.2f} s", asked, used))
    return found


@dataclass(frozen=True)
class Expression:
    """A regular expression, where it stands, and the methods by which it is used."""

    place: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    methods: tuple[str, ...]


def expressions() -> list[Expression]:
    """Every expression of the packages: compiled objects of modules, literals in functions, patterns of the prefix table."""
    found: dict[tuple[object, str], Expression] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if name.endswith("__main__"):
                continue
            used = methods_used(tree)
            anywhere = tuple(sorted({m for methods in used.values() for m in methods} - {"split", "sub"})) or METHODS[:3]
            for place, pattern in in_module(name):
                short = place.removeprefix(f"{name}.").partition("[")[0]
                found.setdefault((pattern.pattern, name), Expression(place, pattern, used.get(short, anywhere)))
            for line, method, pattern in in_calls(tree):
                methods = anywhere if method == "compile" else (method,)
                found.setdefault((pattern.pattern, name), Expression(f"{name}:{line}", pattern, methods))
    from ontologies.prefixes import prefixes

    for name, prefix in prefixes().items():
        found.setdefault((prefix.pattern.pattern, "prefixes"), Expression(f"prefixes.tsv {name}", prefix.pattern, ("fullmatch",)))
    return list(found.values())


def methods_used(tree: ast.AST) -> dict[str, tuple[str, ...]]:
    """Which methods are called on which names: ``_NAME.fullmatch(…)``, ``_SHAPES[key].fullmatch(…)``."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            value = node.value
            while isinstance(value, ast.Subscript | ast.Attribute):
                value = value.value
            if isinstance(value, ast.Name) and value.id != "re":
                used.setdefault(value.id, set()).add(node.attr)
    return {name: tuple(sorted(methods)) for name, methods in used.items()}


def in_module(name: str) -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """The compiled expressions that a module holds, in containers too."""
    module = importlib.import_module(name)
    stack = [(f"{name}.{key}", value, 0) for key, value in vars(module).items() if not key.startswith("__")]
    while stack:
        place, value, depth = stack.pop()
        if isinstance(value, re.Pattern):
            yield place, value
        elif depth < 3 and isinstance(value, dict):
            stack.extend((f"{place}[{key!r}]", item, depth + 1) for key, item in value.items())
        elif depth < 3 and isinstance(value, list | tuple) and len(value) < 500:
            stack.extend((f"{place}[{number}]", item, depth + 1) for number, item in enumerate(value))


def in_calls(tree: ast.AST) -> Iterator[tuple[int, str, re.Pattern[str] | re.Pattern[bytes]]]:
    """The literal expressions given to functions of ``re``."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re" and node.func.attr in (*METHODS, "compile") and node.args
            and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str | bytes)
        ):  # fmt: skip
            yield node.lineno, node.func.attr, re.compile(node.args[0].value)


def attacks(pattern: re.Pattern[str] | re.Pattern[bytes], size: int) -> Iterator[str]:
    """Strings that make backtracking expensive: repeats of what the expression speaks of, with an end that cannot match."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    own = [char for char in dict.fromkeys(text) if char.isprintable() and not char.isalnum()][:14]
    letters = [char for char in dict.fromkeys(re.sub(r"\\.", "", text)) if char.isalnum()][:6]
    alphabet = list(dict.fromkeys(["a", "0", " ", "\n", *own, *letters]))
    words = re.findall(r"[A-Za-z:/.]{3,}", text)[:4]
    pieces = [*alphabet, *(a + b for a, b in product(alphabet, repeat=2) if a != b), *words]
    for piece in pieces:
        body = piece * (size // len(piece))
        for end in ("", "\x00"):
            yield body + end


def worst(expression: Expression) -> float:
    """The worst seconds on any attack by any method; small attacks first, so that a disaster ends soon."""
    slowest = 0.0
    for size in (2_000, SIZE):
        for attack in attacks(expression.pattern, size):
            subject: str | bytes = attack if isinstance(expression.pattern.pattern, str) else attack.encode("latin-1", "replace")
            for method in expression.methods:
                used = timed(expression.pattern, method, subject)
                if BOUND_MS / 2000 < used < GIVE_UP:
                    used = min(used, timed(expression.pattern, method, subject))  # others may have had the processor
                slowest = max(slowest, used if size == SIZE else 0.0)
                if used > (GIVE_UP if size == SIZE else GIVE_UP * 0.1):
                    return used * (1 if size == SIZE else (SIZE / size) ** 2)
    return slowest


def timed(pattern: re.Pattern[str] | re.Pattern[bytes], method: str, subject: str | bytes) -> float:
    """Seconds of one use."""
    start = time.perf_counter()
    run(pattern, method, subject)
    return time.perf_counter() - start


def guards() -> list[tuple[str, float]]:
    """The worst seconds of the functions that scan whole texts with several expressions, one after another."""
    from kg.rdf import check_depth
    from queries.explanation.observations import read_observations
    from queries.sparql_engine.guard import check_query

    functions: dict[str, Callable[[str], object]] = {
        "kg.rdf.check_depth": lambda text: check_depth(text.encode()),
        "queries.sparql_engine.guard.check_query": check_query,
        "queries.explanation.observations.read_observations": lambda text: read_observations(text, str),
    }
    found = []
    for name, function in functions.items():
        slowest = 0.0
        for piece in product(("\"", "'", "\\", "<", "a", "#", "\n", "[", ":", "\t", "service "), repeat=3):
            text = ("".join(piece) * SIZE)[:SIZE]
            start = time.perf_counter()
            with contextlib.suppress(ImmunoKGError):
                function(text)
            slowest = max(slowest, time.perf_counter() - start)
        found.append((name, slowest))
    return found


def run(pattern: re.Pattern[str] | re.Pattern[bytes], method: str, subject: str | bytes) -> None:
    """Use an expression as the code does, and exhaust it."""
    function = getattr(pattern, method)
    if method == "sub":
        function("" if isinstance(subject, str) else b"", subject)
    elif method == "finditer":
        for match in function(subject):
            if match.lastgroup in ("quote", "open"):
                break  # the guard of queries refuses the text at the first string that is never closed
    else:
        function(subject)


def main() -> None:
    """Print everything."""
    print(f"python {platform.python_version()}, {platform.machine()}")
    limits = [*explain_limits(), *sparql_limits()]
    for what, asked, used in limits:
        print(f"{'ok  ' if kept(asked, used) else 'LATE'} {what}: asked {asked:.2f} s, used {used:.2f} s")
    found = [(worst(each) * 1000, f"{each.place}  {each.pattern.pattern!r:.60}") for each in expressions()]
    ranked = sorted(found, reverse=True)
    for milliseconds, words in ranked[:12]:
        print(f"{milliseconds:9.2f} ms  {words}")
    scans = guards()
    for name, seconds in scans:
        print(f"{seconds * 1000:9.2f} ms  the whole of {name}")
    print(json.dumps({
        "limits_kept": round(sum(kept(asked, used) for _, asked, used in limits) / len(limits), 3),
        "worst_overrun_s": round(max(used - asked for _, asked, used in limits), 3),
        "expressions": len(ranked),
        "expressions_over_50_ms": sum(milliseconds > BOUND_MS for milliseconds, _ in ranked),
        "worst_expression_ms": round(ranked[0][0], 2),
        "worst_scan_ms": round(max(seconds for _, seconds in scans) * 1000, 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
