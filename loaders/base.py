"""What every loader has in common: who the source is, how its records stream, and what was lost on the way.

A loader is a module with a `SourceInfo` called ``INFO`` and a generator ``load(stream, *, name, report)``. It walks its
input once and yields `kg.model.Record` values: an `Entity` for every identifier it uses, and an `Assertion` for every
statement with its evidence, in any order.

Nothing is dropped silently. What a loader cannot keep goes through the `LossReport`, which tells two things apart:

* a **fault**: the file is not what it should be (malformed, a field missing, a word that nobody defined);
* a **loss**: the file is well formed and the loader understood it, but cannot keep a value as it stands (an identifier
  off the pattern of its prefix), or keeps it in another form.

=========  =====================================  ============================
mode       a fault                                a loss
=========  =====================================  ============================
strict     raises `BadInput`                      raises `BadInput`
normal     raises `BadInput`                      is listed and counted
lenient    is listed and counted, line skipped    is listed and counted
=========  =====================================  ============================

Faults are gathered, so that one error names them all; reading stops at `MAX_FAULTS` (lenient: at `MAX_LENIENT_FAULTS`,
for a file that bad is not the file it was taken for).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import BinaryIO, Literal, NoReturn, Protocol, TypeAlias

from kg.model import Record
from ontologies.errors import BadInput, Fault

__all__ = ["MAX_FAULTS", "MAX_LENIENT_FAULTS", "MAX_LISTED", "Load", "Loss", "LossReport", "Mode", "SourceInfo"]

MAX_FAULTS = 100
"""Faults after which reading stops, in the modes strict and normal."""
MAX_LENIENT_FAULTS = 1_000
"""Faults after which even a lenient reading stops."""
MAX_LISTED = 1_000
"""Losses listed one by one; all others are counted only."""

Mode: TypeAlias = Literal["strict", "normal", "lenient"]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source is: shown by ``immunokg sources`` and kept in the manifest of a graph.

    `name` is the word for it in commands and in `Evidence.source`, `release` the version that is meant when the caller
    names none, `reads` the kind of file in one phrase.
    """

    name: str
    title: str
    release: str
    licence: str
    homepage: str
    reads: str


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that was dropped or changed: where it stood, what it was, and why.

    `action` is ``dropped``, ``changed`` or ``fault``; `reason` is a short phrase that losses are counted by.

    >>> print(Loss("dropped", "malformed identifier", "d.jsonl", 7, "DB1_MESH_D1_1", "nodes[2].id", "GO:005507"))
    d.jsonl:7: nodes[2].id: dropped 'GO:005507': malformed identifier [DB1_MESH_D1_1]
    """

    action: Literal["dropped", "changed", "fault"]
    reason: str
    file: str
    line: int = 0
    record: str = ""
    field: str = ""
    value: str = ""
    detail: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.field}: " if self.field else ""
        value = f" {self.value!r}" if self.value else ""
        detail = f" ({self.detail})" if self.detail else ""
        record = f" [{self.record}]" if self.record else ""
        return f"{place}: {what}{self.action}{value}: {self.reason}{detail}{record}"


@dataclass(slots=True)
class LossReport:
    """Counts what a loader read, and lists what it dropped, changed or found at fault; see the module's text for modes.

    `counts` maps (action, reason) to how often, exactly; `losses` lists the first `MAX_LISTED`; `read` counts what went
    in and out (records, links, statements …) under the loader's own words.

    >>> report = LossReport()
    >>> report.saw("records", 2)
    >>> report.drop("malformed identifier", file="d.jsonl", line=7, field="nodes[2].id", value="GO:005507")
    >>> print(report)
    records: 2
    dropped 1: malformed identifier
      d.jsonl:7: nodes[2].id: dropped 'GO:005507': malformed identifier
    """

    mode: Mode = "normal"
    read: Counter[str] = field(default_factory=Counter)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True when nothing was dropped, changed or at fault."""
        return not self.counts

    def saw(self, what: str, number: int = 1) -> None:
        """Count something read or yielded."""
        self.read[what] += number

    def drop(
        self, reason: str, *, file: str, line: int = 0, record: str = "", field: str = "", value: str = "",
        detail: str = "",
    ) -> None:
        """Record that a value was left out; in strict mode it is a fault, and the hundredth raises `BadInput`."""
        self._lose(Loss("dropped", reason, file, line, record, field, value, detail))

    def change(
        self, reason: str, *, file: str, line: int = 0, record: str = "", field: str = "", value: str = "",
        detail: str = "",
    ) -> None:
        """Record that a value was kept in another form; never a fault, since nothing is lost that matters."""
        self._list(Loss("changed", reason, file, line, record, field, value, detail))

    def ignore(self, what: str) -> None:
        """Count a field that the loader never reads; it is no fault in any mode and is not listed one by one."""
        self.counts["ignored", what] += 1

    def fault(self, fault: Fault, *, record: str = "", reason: str = "") -> None:
        """Record that the file is wrong here; raises `BadInput` with all faults once there are too many."""
        self.faults.append(fault)
        if self.mode == "lenient":
            why = reason or "faulty line"
            detail = f"{fault.problem}; {fault.fix}" if fault.fix else fault.problem
            self._list(Loss("fault", why, fault.file, fault.line, record, fault.field, "", detail))
            if len(self.faults) >= MAX_LENIENT_FAULTS:
                del self.faults[MAX_FAULTS:]
                self._raise(truncated=True)
        elif len(self.faults) >= MAX_FAULTS:
            self._raise(truncated=True)

    def joined(self, error: BadInput) -> BadInput:
        """Return the error with the faults found before it, when it comes from elsewhere (a cut-off file)."""
        if self.mode == "lenient" or all(fault in error.faults for fault in self.faults):
            return error
        faults = [*self.faults, *(fault for fault in error.faults if fault not in self.faults)]
        return BadInput(self._message(faults), faults, truncated=True)

    def check(self) -> None:
        """Raise `BadInput` with every fault found, unless the mode is lenient or there are none."""
        if self.faults and self.mode != "lenient":
            self._raise(truncated=False)

    def __str__(self) -> str:
        lines = [f"{what}: {number}" for what, number in self.read.items()]
        listed: dict[tuple[str, str], list[Loss]] = {}
        for loss in self.losses:
            listed.setdefault((loss.action, loss.reason), []).append(loss)
        for (action, reason), number in sorted(self.counts.items()):
            lines.append(f"{action} {number}: {reason}")
            shown = listed.get((action, reason), [])[:10]
            lines.extend(f"  {loss}" for loss in shown)
            if number > len(shown) > 0:
                lines.append(f"  … and {number - len(shown)} more")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values: ``{mode, read, counts: [{action, reason, number}], losses, truncated}``.

        >>> LossReport().to_json()["counts"]
        []
        """
        return {
            "mode": self.mode,
            "read": dict(self.read),
            "counts": [
                {"action": action, "reason": reason, "number": number}
                for (action, reason), number in sorted(self.counts.items())
            ],
            "losses": [asdict(loss) for loss in self.losses],
            "truncated": sum(n for (action, _), n in self.counts.items() if action != "ignored") > len(self.losses),
        }

    def _lose(self, loss: Loss) -> None:
        self._list(loss)
        if self.mode == "strict":
            fix = f"{loss.detail}; or read without strict mode" if loss.detail else "read without strict mode"
            problem = f"{loss.reason}: {loss.value!r}" if loss.value else loss.reason
            self.fault(Fault(loss.file, loss.line, 0, loss.field, problem, fix))

    def _list(self, loss: Loss) -> None:
        self.counts[loss.action, loss.reason] += 1
        if len(self.losses) < MAX_LISTED:
            self.losses.append(loss)

    def _message(self, faults: Sequence[Fault]) -> str:
        files = list(dict.fromkeys(fault.file for fault in faults))
        number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        return f"{files[0]}: {number}" if len(files) == 1 else f"{number} in {len(files)} files"

    def _raise(self, *, truncated: bool) -> NoReturn:
        raise BadInput(self._message(self.faults), self.faults, truncated=truncated)


class Load(Protocol):
    """The shape of every loader's ``load``: a generator that reads the stream once.

    `name` is what faults call the file, `report` gathers losses (a fresh one in normal mode when None), `release` names
    the version of the source when the caller knows better than the loader's default, `limit` stops after that many
    records of the source.
    """

    def __call__(
        self, stream: BinaryIO, *, name: str, report: LossReport | None = None, release: str = "", limit: int | None = None
    ) -> Iterator[Record]:
        """Yield the entities and assertions of one file; raises `BadInput` for a faulty one."""
        ...


