"""A process of the embedded engine that opens a store: started without waiting, waited for when somebody asks."""

from __future__ import annotations

import queue
from pathlib import Path

from kg.cypher_store import check_started, engine_process, stored_nodes
from kg.worker_process import WorkerProcess
from ontologies.errors import BackendError

__all__ = ["OpenedStore"]

_SECONDS = 60.0


class OpenedStore:
    """A store that is being opened in a process of its own, or is open.

    Args:
        database: the folder of the store.
        memory_mb: heap of the Java machine.

    Raises `BackendError` where there is no such folder, and `MissingPart` where there is no engine.
    """

    def __init__(self, database: Path, memory_mb: int) -> None:
        if not database.is_dir():
            raise BackendError(f"there is no Cypher store at {database}; build the graph first")
        self._database = database
        self._open = False
        self.process: WorkerProcess = engine_process(memory_mb=memory_mb, read_only=True)
        self.process.send({"do": "open", "database": str(database.resolve())})

    def wait(self) -> WorkerProcess:
        """Return the process once the store is open.

        Raises `BackendError`, with the fix, where it cannot be opened or does not hold what was put into it.
        """
        if not self._open:
            check_started(self.process)
            reason = self._problem()
            if reason:
                self.process.end()
                problem = f"the Cypher store at {self._database} cannot be opened: {reason}"
                raise BackendError(f"{problem}; rebuild it with 'immunokg build'")
            self._open = True
        return self.process

    def _problem(self) -> str:
        try:
            frame = self.process.receive(_SECONDS)
        except queue.Empty:
            return f"not open after {_SECONDS:g} s"
        if frame is None:
            return "the process that should open it ended"
        if "error" in frame:
            return " ".join(str(frame["message"] or frame["name"]).split())
        expected = stored_nodes(self._database.parent)
        return "" if expected in (None, frame["nodes"]) else f"it holds {frame['nodes']} nodes of {expected}"
