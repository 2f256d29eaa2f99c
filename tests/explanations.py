"""Explanations made by hand for the tests of figures, written as lines of names and arrows.

The numbers of studies are made up to show every sign of a figure; nothing here is a finding.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from queries.explanation.answer import (
    ConditionGroup,
    EvidenceItem,
    Explanation,
    Fork,
    Node,
    Path,
    Question,
    Side,
    Status,
    Step,
    StepStatement,
)

__all__ = ["DISEASE", "DRUG", "explanation_of", "generated", "path_of"]

DRUG = Node("DRUGBANK:DB12159", "dupilumab", "Drug")
DISEASE = Node("MONDO:0005340", "alopecia areata", "Disease")

#: arrow in the notation below → relation, its label, its sign
ARROWS = {
    "->": ("increases_activity_of", "increases activity of", 1),
    "-|": ("decreases_activity_of", "decreases activity of", -1),
    "=>": ("produces", "produces", 1),
    "-o": ("participates_in", "participates in", 1),
    "?>": ("genetically_associated_with", "is genetically associated with", 1),
    "~>": ("positively_correlated_with", "is positively correlated with", 1),
}

BENEFIT_PATHS = (
    "dupilumab -|5/0 IL4R ->3/0 STAT6 ->4/1 T-helper 2 cell =>6/0 IL13 ->2/0 hair follicle inflammation ->3/0 alopecia areata",
    (
        "dupilumab -|5/0 IL4R ->3/0 STAT6 ->2/0 CCL17 ->2/1 T-helper 2 cell =>6/0 IL13"
        " ~>4/0[baseline serum total IgE >= 200 [IU]/mL] alopecia areata"
    ),
    (
        "dupilumab -|5/0 IL4R ->2/0 JAK1 ->7/0 STAT3 ->1/0 natural killer group 2D positive CD8 T cell"
        " ->5/0 loss of hair follicle immune privilege"
    ),
    "dupilumab -|5/0 IL4R ->2/0 JAK3 ->3/0 T cell proliferation ->2/0 alopecia areata",
)
HARM_PATHS = (
    "dupilumab -|5/0 IL4R ->3/0 STAT6 ->3/0 GATA3 -|4/0/1 T-helper 1 cell =>8/0 IFNG ->9/1 alopecia areata",
    "dupilumab -|5/0 IL4R -|1/0? IL23A ->2/0 T-helper 17 cell =>3/0 IL17A ->2/2! alopecia areata",
    "dupilumab -|5/0 IL4R ->3/0 STAT6 ->3/0 GATA3 -|4/0/1 T-helper 1 cell =>8/0 IFNG ->3/0 CXCL10 ->2/0 alopecia areata",
)


def node_of(name: str) -> Node:
    """Return a node whose identifier follows from its name."""
    known = {DRUG.name: DRUG, DISEASE.name: DISEASE}
    return known.get(name) or Node("ikg:" + re.sub(r"\W+", "-", name.lower()), name, "Gene")


def path_of(text: str, *, goal: str = "the disease itself") -> Path:
    """Read a path such as "dupilumab -|5/1 IL4R ->3/0[IgE >= 200] STAT6": studies, conditions, ? hypothesis, ! clash."""
    pieces = re.split(r"\s+(->|-\||=>|-o|~>|\?>)(\S*?(?:\[.*?\]\S*)*)\s+", text)
    steps: list[Step] = []
    state = 1
    for i in range(0, len(pieces) - 3, 3):
        subject, arrow, notes, target = pieces[i : i + 4]
        relation, label, sign = ARROWS[arrow]
        state *= sign
        counts = [int(n) for n in re.sub(r"\[.*\]|[?!]", "", notes).split("/")] if notes else [1]
        support, refute, null = (*counts, 0, 0)[:3]
        found = re.search(r"\[(.*)\]", notes)
        design = "hypothesis" if "?" in notes else "in_vitro"
        evidence = EvidenceItem("PMID:1", "PMID:1", design, "2018", "supports", "as read")
        conditions = (found[1],) if found else ()
        steps.append(
            Step(
                node_of(subject), relation, label, node_of(target), sign, state, support, refute, null, 0.8,
                "hypothesis" if "?" in notes else "supported",
                (StepStatement("s", {}, conditions, support, refute, null, (evidence,)),),
                ("disease psoriasis",) if "!" in notes else (),
            )
        )  # fmt: skip
    return Path(1.0, {}, tuple(steps), goal, hypothesis="?" in text)


def explanation_of(
    benefit: Sequence[str | Path] = BENEFIT_PATHS,
    harm: Sequence[str | Path] = HARM_PATHS,
    *,
    fork: str = "IL4R",
    status: tuple[Status, Status] = ("observed", "predicted"),
    question: Question | None = None,
) -> Explanation:
    """Return an explanation with these paths on its two sides."""
    sides = [tuple(path_of(p) if isinstance(p, str) else p for p in paths) for paths in (benefit, harm)]
    return Explanation(
        question=question or Question(DRUG, DISEASE, (DISEASE,), 20, 6),
        clinical=(),
        benefit=Side(status[0], "Observed in 31 studies, against 9 that found none; 4 mechanisms found.", sides[0]),
        harm=Side(status[1], "Predicted only: no clinical study in this graph reports harm; 3 mechanisms found.", sides[1]),
        fork=Fork(node_of(fork), -1, 1) if fork else None,
        conditions=(ConditionGroup("baseline serum total IgE >= 200 [IU]/mL", "benefit", ("hair grew",), ("NCT1",)),),
        missing=(),
        graph_digest="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    )


def generated(seed: int, nodes: int, *, paths: int = 12, steps: int = 6) -> Explanation:
    """Return an explanation with random paths of both sides over `nodes` entities with names of all lengths."""
    rng = random.Random(seed)
    words = ["STAT6", "IL4R", "regulatory T cell", "loss of immune privilege", "T-helper 2 cell", "CCL17", "keratinocyte"]
    names = [f"{rng.choice(words)} {i}" for i in range(nodes - 2)]
    sides: list[list[Path]] = []
    for _ in range(2):
        found = []
        for _ in range(paths):
            count = min(rng.randint(0, steps - 1), len(names))
            way = [names[i] for i in sorted(rng.sample(range(len(names)), count))]
            text = DRUG.name
            for name in (*way, DISEASE.name):
                note = rng.choice(["1/0", "3/1", "12/4/2", "2/0[IgE >= 200 [IU]/mL]", "1/0?"])
                text += f" {rng.choice(list(ARROWS))}{note} {name}"
            found.append(path_of(text))
        sides.append(found)
    return explanation_of(sides[0], sides[1], fork="")
