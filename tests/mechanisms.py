"""Random mechanisms for property tests: loopless signed paths over a few entities, so that they merge and make cycles."""

from __future__ import annotations

from hypothesis import strategies as st

from queries.explanation.shown import Node, Path, Step

__all__ = ["NAMES", "RELATIONS", "path_of", "paths"]

NAMES = "abcdef"
RELATIONS = {"increases_activity_of": 1, "produces": 1, "decreases_activity_of": -1}


def path_of(names: str, relations: list[str], score: float, *, hypothesis: bool = False, clashes: tuple[str, ...] = ()) -> Path:
    """Return a path from the drug through the entities named by letters to the disease."""
    stops = ["drug", *names, "disease"]
    steps = []
    state = 1
    for tail, head, relation in zip(stops, stops[1:], relations, strict=False):
        state *= RELATIONS[relation]
        steps.append(
            Step(
                Node(tail, tail, "Gene"), relation, relation, Node(head, head, "Gene"),
                RELATIONS[relation], state, 3, 0, 0, 0.8, "supported", (),
            )
        )  # fmt: skip
    return Path(score, {}, tuple(steps), "", hypothesis, clashes)


@st.composite
def paths(draw: st.DrawFn, *, most: int = 8) -> list[Path]:
    """Loopless paths in rank order over a few entities, in any direction: some merge, some would close cycles."""
    found = []
    for _ in range(draw(st.integers(1, most))):
        names = "".join(draw(st.permutations(NAMES)))[: draw(st.integers(0, 4))]
        relations = [draw(st.sampled_from(sorted(RELATIONS))) for _ in range(len(names) + 1)]
        score = draw(st.floats(0, 12))
        hypothesis = draw(st.integers(0, 9)) == 0
        clashes = ("cell",) if draw(st.integers(0, 5)) == 0 else ()
        found.append(path_of(names, relations, score, hypothesis=hypothesis, clashes=clashes))
    return sorted(found, key=lambda path: (path.hypothesis, bool(path.clashes), path.score))
