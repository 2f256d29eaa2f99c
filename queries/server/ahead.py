"""Making the next batches while the server works on the one before."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

__all__ = ["Ahead"]

T = TypeVar("T")


class Ahead(Generic[T]):
    """Iterate over what a thread takes from an iterable, at most `depth` items ahead; a context manager that ends the thread.

    What the iterable raises is raised here, in its place.

    >>> with Ahead(iter(["IL4", "IL13"]), depth=1) as ahead:
    ...     list(ahead)
    ['IL4', 'IL13']
    """

    def __init__(self, items: Iterable[T], *, depth: int) -> None:
        self._items = items
        self._queue: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(depth)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="immunokg-ahead", daemon=True)

    def __enter__(self) -> Ahead[T]:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        while self._thread.is_alive():
            with suppress(queue.Empty):  # make room, so that the thread sees the end
                self._queue.get(timeout=0.05)
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        while True:
            found = self._queue.get()
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found[0]

    def _work(self) -> None:
        try:
            for item in self._items:
                if self._stopped.is_set():
                    return
                self._queue.put((item,))
        except BaseException as error:  # noqa: BLE001  # raised again in the thread that iterates
            self._queue.put(error)
        else:
            self._queue.put(None)
