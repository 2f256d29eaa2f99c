"""The process that runs users' SPARQL: it opens one store for reading, walls itself in, and answers over two pipes.

Run by `queries.sparql_engine.worker.SparqlWorker` as a script, in isolated mode; it imports the standard library and
pyoxigraph only. Frames are a length of four bytes and a JSON object. Before the first query it gives up, where the system
allows it, core dumps, writing to files, opening sockets, starting programs, and memory beyond its limit; a timer of the kernel
ends it should its parent die in the middle of a query. It may still open files for reading: the engine opens those of a large
store as it comes to need them.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pyoxigraph

__all__ = ["evaluate", "main", "serve"]

_BATCH = 500
_CALLS = {  # of seccomp itself; of socket, io_uring_setup, execve and execveat
    "x86_64": (0xC000_003E, 317, (41, 425, 59, 322)),
    "aarch64": (0xC000_00B7, 277, (198, 425, 221, 281)),
}
_FUNCTION = "urn:immunokg:value:"  # as in queries.sparql_engine.binding, which this process cannot import
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def main() -> None:
    """Read the settings from the first argument, open the store, and answer until the input ends."""
    import signal

    settings = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path.append(settings["library"])
    import pyoxigraph

    taken, given = sys.stdin.buffer, sys.stdout.buffer
    try:
        store = _open(pyoxigraph, settings["store"])
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        _send(given, {"error": "store", "message": str(error)})
        return
    _wall_in(settings["memory_mb"])
    _send(given, {"ready": True})
    serve(store, settings["prefixes"], taken, given)


def serve(store: pyoxigraph.Store, prefixes: dict[str, str], taken: BinaryIO, given: BinaryIO) -> None:
    """Answer query frames from `taken` on `given` until the input ends."""
    while True:
        head = taken.read(4)
        if len(head) < 4:
            return
        request = json.loads(taken.read(struct.unpack(">I", head)[0]))
        _alarm(request["seconds"])
        try:
            _answer(store, prefixes, request, given)
        except SyntaxError as error:
            _send(given, {"error": "syntax", "message": str(error)})
        except (RuntimeError, ValueError, OSError) as error:
            _send(given, {"error": "engine", "message": str(error)})
        except MemoryError:
            _send(given, {"error": "memory", "message": ""})
        _alarm(0)


def _open(engine: Any, path: str) -> pyoxigraph.Store:
    if path.endswith(".nq"):
        store = engine.Store()
        store.bulk_load(path=path, format=engine.RdfFormat.N_QUADS)
    else:
        store = engine.Store.read_only(path)
    result: pyoxigraph.Store = store
    return result


def _wall_in(memory_mb: int) -> None:
    """Lower this process's own limits for good (POSIX; elsewhere the guard and the time limit remain)."""
    if sys.platform == "linux":
        _give_up_calls()  # needs memory, which is limited next
    try:
        import resource
    except ImportError:
        return
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0, "RLIMIT_AS": memory_mb * 1024 * 1024}
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None and value >= 0:
            try:
                resource.setrlimit(kind, (value, value))
            except (OSError, ValueError):  # a system may refuse one limit: the others still hold
                continue


def _give_up_calls() -> None:
    """Have the Linux kernel refuse sockets and new programs to every thread of this process, for good (a seccomp filter).

    Numbers are those of linux/seccomp.h, linux/filter.h and the system-call tables. Where the kernel has no such filter, or
    the machine is none of these, the guard in front of this process remains.
    """
    import ctypes
    import os

    known = _CALLS.get(os.uname().machine)
    if known is None:
        return
    architecture, seccomp, refused = known
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    last = len(refused) + 1  # how far the refusal is away
    steps = [(load, 0, 0, 4), (equal, 0, last + 2, architecture), (load, 0, 0, 0)]
    steps += [(equal, last - place, 0, call) for place, call in enumerate(refused)]
    steps += [(at_least, 1, 0, 0x4000_0000), (give, 0, 0, 0x7FFF_0000), (give, 0, 0, 0x0005_0001)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    system = ctypes.CDLL(None)
    system.prctl(38, *map(ctypes.c_ulong, (1, 0, 0, 0)))  # no new privileges
    system.syscall(ctypes.c_long(seccomp), ctypes.c_ulong(1), ctypes.c_ulong(1), ctypes.byref(Program(len(steps), code)))


def _alarm(seconds: float) -> None:
    import signal

    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(store: pyoxigraph.Store, prefixes: dict[str, str], request: dict[str, Any], given: BinaryIO) -> None:
    import pyoxigraph

    found = evaluate(store, prefixes, request)
    if isinstance(found, pyoxigraph.QueryBoolean):
        _send(given, {"form": "ask", "value": bool(found)})
        return
    if isinstance(found, pyoxigraph.QueryTriples):
        _send(given, {"form": "triples"})
        rows: Iterable[list[Any]] = ([_form(t.subject), _form(t.predicate), _form(t.object)] for t in found)
    else:
        hidden = request["hidden"]
        _send(given, {"form": "select", "columns": [v.value for v in found.variables][hidden:]})
        rows = ([_form(term) for term in solution][hidden:] for solution in found)
    _send_rows(rows, request["rows"], request["bytes"], given)


def evaluate(store: pyoxigraph.Store, prefixes: dict[str, str], request: dict[str, Any]) -> Any:
    """Give the engine the query and its values; a fault of syntax is told in places of the user's own text.

    The request has the user's ``text``, the text ``placed`` by `queries.sparql_engine.binding.place_values`, the forms of the
    ``values`` by name, and ``union``: whether all graphs together are the default graph.
    """
    import pyoxigraph

    terms = _terms(request["values"])
    settings: dict[str, Any] = {"prefixes": prefixes, "use_default_graph_as_union": request["union"]}
    given = dict(settings)
    placed = request["placed"]
    for name, term in terms.items():
        if type(term) is pyoxigraph.NamedNode or (type(term) is pyoxigraph.Literal and term.direction is None):
            # A row of data, in the engine's own spelling: of a function the engine's planner knows nothing.
            placed = placed.replace(f"BIND(<{_FUNCTION}{name}>() AS ?{name})", f"VALUES ?{name} {{ {term} }}")
    if terms:
        given["custom_functions"] = {
            pyoxigraph.NamedNode(f"{_FUNCTION}{name}"): (lambda term=term: term) for name, term in terms.items()
        }
        given["substitutions"] = {pyoxigraph.Variable(name): term for name, term in terms.items()}
    try:
        return store.query(placed, **given)
    except SyntaxError:
        store.query(request["text"], **settings)
        raise


def _send_rows(rows: Iterable[list[Any]], most: int, room: int, given: BinaryIO) -> None:
    batch: list[list[Any]] = []
    for sent, row in enumerate(rows):
        if sent == most:
            _send(given, {"rows": batch})
            _send(given, {"end": f"stopped at {most:,} rows"})
            return
        batch.append(row)
        room -= _size(row)
        if room < 0:
            _send(given, {"end": "size"})
            return
        if len(batch) == _BATCH:
            _send(given, {"rows": batch})
            batch = []
    _send(given, {"rows": batch})
    _send(given, {"end": ""})


def _size(row: list[Any]) -> int:
    return 8 + sum(len(form) if isinstance(form, str) else _size(form) if form else 4 for form in row)


def _form(term: Any) -> Any:
    """Return a term as JSON: a tagged string, or a list for what needs more."""
    if term is None:
        return None
    kind = type(term).__name__
    if kind == "NamedNode":
        return f"i{term.value}"
    if kind == "BlankNode":
        return f"b{term.value}"
    if kind == "Triple":
        return ["t", _form(term.subject), _form(term.predicate), _form(term.object)]
    if term.datatype.value == _STRING:
        return f"l{term.value}"
    direction = getattr(term, "direction", None)
    return [f"l{term.value}", term.datatype.value, term.language or "", str(direction or "")]


def _terms(forms: dict[str, Any]) -> dict[str, Any]:
    """Return the engine's terms; raises ValueError, naming the variable, for what is none."""
    terms: dict[str, Any] = {}
    for name, form in forms.items():
        try:
            terms[name] = _term(form)
        except (TypeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise ValueError(f"the value of ?{name} is no RDF term: {reason}") from None
    return terms


def _term(form: Any) -> Any:
    """Return the engine's term for what `_form` makes of one."""
    import pyoxigraph

    if isinstance(form, str):
        kind = {"i": pyoxigraph.NamedNode, "b": pyoxigraph.BlankNode, "l": pyoxigraph.Literal}[form[0]]
        return kind(form[1:])
    if form[0] == "t":
        return pyoxigraph.Triple(*map(_term, form[1:]))
    value, datatype, language, direction = form
    if not language:
        return pyoxigraph.Literal(value[1:], datatype=pyoxigraph.NamedNode(datatype))
    facing = pyoxigraph.BaseDirection(direction) if direction else None
    return pyoxigraph.Literal(value[1:], language=language, direction=facing)


def _send(given: BinaryIO, frame: dict[str, Any]) -> None:
    data = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    given.write(struct.pack(">I", len(data)) + data)
    given.flush()


if __name__ == "__main__":
    main()
