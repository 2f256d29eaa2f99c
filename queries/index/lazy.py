"""What is worked out only when a search asks for it: the classes of steps, and what lies within what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import overload

from ontologies.hierarchy import load_hierarchy
from queries.coherence import Setting, StepClass
from queries.index.columns import Texts

__all__ = ["BroaderTerms", "ClassTable"]


class ClassTable(Sequence[StepClass]):
    """The classes of steps by number; one is put together when it is asked for, and remembered."""

    def __init__(self, columns: Mapping[str, memoryview], setting: Callable[[int], Setting], curies: Texts) -> None:
        self._columns, self._setting, self._curies = columns, setting, curies
        self._known: dict[int, StepClass] = {}

    def __len__(self) -> int:
        return len(self._columns["class_ends"])

    @overload
    def __getitem__(self, number: int) -> StepClass: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[StepClass]: ...

    def __getitem__(self, number: int | slice) -> StepClass | Sequence[StepClass]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        if number not in self._known:
            self._known[number] = self._made(number)
        return self._known[number]

    def _made(self, number: int) -> StepClass:
        columns = self._columns
        flags, ligand = columns["class_flags"][number], columns["class_ligands"][number]
        own = tuple(self._curies[node] for node in columns["ligand_nodes"][_part(columns["ligand_ends"], ligand)])
        settings = set()
        for which in columns["class_settings"][_part(columns["class_ends"], number)]:
            setting = self._setting(which)
            if own and not setting.context.ligand:
                setting = replace(setting, context=replace(setting.context, ligand=own))
            settings.add(setting)
        ordered = tuple(sorted(settings, key=repr) if len(settings) > 1 else settings)
        return StepClass(ordered, relay=bool(flags & 1), hub=bool(flags & 2), inside=bool(flags & 4))


def _part(ends: memoryview, number: int) -> slice:
    return slice(ends[number - 1] if number else 0, ends[number])


class BroaderTerms(Mapping[str, Collection[str]]):
    """All wider terms of an entity, near and far: by the shipped hierarchy and by what `within` says of the graph."""

    def __init__(self, curies: Texts, within: Callable[[int], list[int]]) -> None:
        self._curies, self._within = curies, within
        self._known: dict[str, frozenset[str]] = {}

    def __getitem__(self, curie: str) -> frozenset[str]:
        if curie not in self._known:
            self._known[curie] = self._climbed(curie)
        return self._known[curie]

    def __iter__(self) -> Iterator[str]:
        return iter(self._curies)

    def __len__(self) -> int:
        return len(self._curies)

    def _climbed(self, curie: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = list(self._directly(curie))
        while waiting:
            wider = waiting.pop()
            if wider not in seen and wider != curie:
                seen.add(wider)
                waiting.extend(self._directly(wider))
        return frozenset(seen)

    def _directly(self, curie: str) -> set[str]:
        node = self._curies.find(curie)
        graph = {self._curies[wider] for wider in self._within(node)} if node is not None else set()
        return graph | load_hierarchy().get(curie, frozenset())
