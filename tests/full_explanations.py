"""An explanation with every part filled, made by hand for the tests of pages; nothing here is a finding.

Every text passes through a function, so that a test can put anything into every place at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from queries.explanation.answer import (
    Challenge,
    ClinicalFinding,
    ConditionGroup,
    Contrast,
    ContrastRow,
    Dag,
    DagArc,
    EvidenceItem,
    Explanation,
    Fork,
    Marker,
    Measurement,
    Node,
    ObservedTest,
    Path,
    Question,
    Rival,
    SharedState,
    Side,
    SideName,
    SideTest,
    Step,
    StepStatement,
    TimePoint,
    WeakLink,
)

__all__ = ["everything", "paper"]

Words = Callable[[str], str]


def paper(number: int, *, stance: str = "supports", design: str = "in_vitro", say: Words = str, **more: object) -> EvidenceItem:
    """Return an evidence from the paper of that number."""
    item = EvidenceItem(
        f"PMID:{number}", f"PMID:{number}", design, "2018-10", stance, say(f"finding of paper {number}"),
        say(f"Title of paper {number}"), say("J Test"),
    )  # fmt: skip
    return replace(item, **more)  # type: ignore[arg-type]  # keywords of a test


def everything(say: Words = str) -> Explanation:
    """Return an explanation in which no part is empty; `say` rewrites every name and every text."""

    def node(curie: str, name: str, category: str = "Gene") -> Node:
        return Node(curie, say(name), category)

    drug, disease = node("DRUGBANK:DB12159", "dupilumab", "Drug"), node("MONDO:0005340", "alopecia areata", "Disease")
    totalis = node("MONDO:0019080", "alopecia totalis", "Disease")
    il4, ifng, hair = node("HGNC:6014", "IL4"), node("HGNC:5438", "IFNG"), node("ikg:hair-keratins", "hair keratins")
    other = node("CHEBI:8382", "prednisone", "Drug")

    def step(tail: Node, sign: int, head: Node, state: int, number: int, *, supposed: bool = False) -> Step:
        statements = (
            StepStatement("0" * 64, {"taxon": (say("human"),), "cell": (say("T cell"),)}, (say("age >= 12 a"),), 2, 1, 0, (
                paper(number, say=say, n=12), paper(number + 100, stance="refutes", say=say),
            )),
        )  # fmt: skip
        label = "increases activity of" if sign > 0 else "decreases activity of"
        return Step(
            tail, label.replace(" ", "_"), say(label), head, sign, state, 2, 1, 0, 0.7, "hypothesis" if supposed else "supported",
            statements, (say("cell B cell"),), 1, (paper(number + 200, say=say),), {"evidence": 0.3, "parsimony": 0.5},
        )  # fmt: skip

    first = step(drug, -1, il4, -1, 1)
    helps = (first, step(il4, 1, disease, -1, 2))
    harms = (first, step(il4, -1, ifng, 1, 3), step(ifng, 1, disease, 1, 4))
    keratin = (first, step(il4, -1, hair, 1, 5))
    guess = (step(drug, -1, ifng, -1, 6, supposed=True), step(ifng, 1, totalis, -1, 7))

    def path(score: float, steps: tuple[Step, ...], goal: str = "the disease itself", **more: object) -> Path:
        return replace(Path(score, {"evidence": score - 1, "parsimony": 1.0}, steps, say(goal)), **more)  # type: ignore[arg-type]  # keywords of a test

    clash = (say("IL4 | IFNG: ligand IL4 against IFNG"),)
    benefit = (path(2.5, helps), path(3.5, keratin, "manifestation of alopecia areata, good when up"),
               path(2.0, guess, "severity form of alopecia areata", hypothesis=True))  # fmt: skip
    harm = (path(4.0, harms, clashes=clash),)

    def dag(*paths: Path) -> Dag:
        ranks: dict[int, list[int]] = {}
        steps = {id(step): step for path in paths for step in path.steps}
        for rank, one in enumerate(paths, 1):
            for passed in one.steps:
                ranks.setdefault(id(passed), []).append(rank)
        return Dag(tuple(DagArc(s, len(ranks[key]) / len(paths), tuple(ranks[key]), 2) for key, s in steps.items()), (9,),
                   (DagArc(guess[0], 0.004, (3,), 1),), 0.02, tuple(range(1, len(paths) + 1)), 0.99)  # fmt: skip

    def finding(side: SideName, number: int, stance: str, design: str, label: str, **more: object) -> ClinicalFinding:
        item = paper(number, stance=stance, design=design, say=say, **more)
        return ClinicalFinding(side, drug, "ameliorates_condition", disease, "1" * 64, (say("baseline IgE >= 200 [IU]/mL"),),
                               {"taxon": (say("human"),)}, item, say(label), 0.8, "2", say("class: IL-4R antibody"))  # fmt: skip

    clinical = (
        finding("benefit", 20, "supports", "randomized_trial_phase_2", "randomized trial, phase 2", n=60,
                effect=say("difference 8.7 points (95 % CI 2.1 to 15.3)"), arm=say("weekly")),
        finding("benefit", 21, "supports", "case_report", "case report", n=1, phase="on_again", time=say("6 wk")),
        finding("benefit", 22, "refutes", "cohort", "cohort study", n=30),
        finding("benefit", 23, "null", "open_label_trial", "open-label trial", n=12),
        finding("harm", 24, "supports", "case_report", "case report", n=1, recounts=False),
    )  # fmt: skip
    weak = WeakLink(helps[1], 0.4, 2, 1, 2.5, 3.5, "observed", say("“IL4 increases activity of alopecia areata” carries 40 %."))
    return Explanation(
        question=Question(drug, disease, (disease, totalis), 20, 6, "2024-01-01", {"cell": say("T cell")}, 3, 1,
                          (say("NCT05551793"),), 2),
        clinical=clinical,
        benefit=Side("observed", say("Observed in 2 studies, against 2 that found none or the opposite."), benefit,
                     dag(*benefit[:2]), weak, partial=True),
        harm=Side("predicted", say("Predicted only: no clinical study in this graph reports harm."), harm, dag(*harm), None),
        fork=Fork(il4, -1, 1),
        conditions=(
            ConditionGroup(say("baseline IgE >= 200 [IU]/mL"), "benefit", (say("finding of paper 20"),), ("PMID:20",),
                           say("serum total IgE"), say(">= 200 [IU]/mL"), "limit", ("PMID:22",), (paper(20, say=say),)),
            ConditionGroup(say("serum total IgE predicts response"), "benefit", (say("they responded"),), ("PMID:77",),
                           say("serum total IgE"), "", "predictor"),
        ),
        missing=(say("No randomised trial or meta-analysis here supports harm."),),
        hypotheses=(paper(30, design="hypothesis", say=say),),
        graph_digest="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        shared=(SharedState(il4, -1, 1, 1.0, 1.0, (il4, ifng)),),
        challenges=(
            Challenge("PMID:21", "benefit", (say("on 6 weeks: regrowth"), say("off: shed")),
                      ((say("Was the response lost when the drug was stopped?"), say("yes"), 1),), 6, "probable",
                      say("Read in the manner of Naranjo: 6 points, probable."), (paper(21, say=say),)),
        ),
        timeline=(TimePoint(24, say("24 wk"), hair, 1, paper(25, say=say)),
                  TimePoint(48, say("48 wk"), ifng, 0, paper(26, say=say))),
        rivals=(Rival("spontaneous_course", say("Patchy hair loss can regrow by itself."), (paper(40, say=say),),
                      (paper(41, say=say),)),),
        deciding=(Measurement(ifng, -1, 1, 0.5, biomarker=True, observed=-1, measured=(paper(50, say=say),),
                              where=(say("alopecia areata"),), known=(paper(51, say=say),)),
                  Measurement(hair, 1, -1, 0.2, biomarker=False)),
        contrast=Contrast(other, "predicted", "none", say("Prednisone reaches IFNG, dupilumab does not."),
                          (ContrastRow(il4, -1, "benefit", "first", 0.9, 0.0, (paper(60, say=say),)),
                           ContrastRow(ifng, -1, "benefit", "both", 0.1, 0.8)),
                          (replace(clinical[3], subject=other),), (benefit[0],),
                          (path(3.0, (step(other, -1, ifng, -1, 8), step(ifng, 1, disease, -1, 9))),)),
        comparisons=(replace(finding("benefit", 61, "null", "randomized_trial", "randomized trial, phase not stated", n=240),
                             subject=other, relation="more_effective_than", object=drug),),
        observed=ObservedTest((Marker(hair, 1, 1, -1, say("NCT1"), say("hair keratins"),
                                      benefit_path=benefit[1], harm_path=harm[0]),
                               Marker(ifng, -1, 0, 1, shared=True, outcome=True)),
                              (SideTest("benefit", 1, 1, 0.031, 1000, 0.5, 0.01), SideTest("harm", 2, 0, None, 0)),
                              (say("CCL99"),), say("Benefit predicts what was measured."), (say("AD (two things)"),),
                              (say("IL31"),), 812, say("measured nodes of like degree")),
    )  # fmt: skip
