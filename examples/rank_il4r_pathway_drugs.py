"""Which drugs of IL4R's pathway might help in a disease, though nobody had reported it by then?

Ranks the drugs that act on IL4R or on what stands one causal or structural step from it, by signed mechanism: the mass
Σ exp(−cost) of their mechanisms to benefit, against that to harm. Drugs on which a clinical finding in the disease is already
stated at the date are left out. A rank is a hypothesis to test, never a finding.

    python examples/rank_il4r_pathway_drugs.py "alopecia areata" 2017-12-31
"""

from __future__ import annotations

import sys
from math import exp

import immunokg as ikg
from queries import Explanation, Side


def pathway(g: ikg.KnowledgeGraph, gene: str) -> set[str]:
    """Return the gene with the genes, complexes and processes one causal or structural statement away."""
    near = g.subgraph(around=gene, hops=1, tiers=["causal", "structural"])
    kinds = {"Gene", "MacromolecularComplex", "GeneFamily", "Pathway", "MolecularActivity"}
    return {curie for curie, entity in near.entities.items() if entity.category in kinds}


def drugs_acting_on(g: ikg.KnowledgeGraph, targets: set[str]) -> list[str]:
    """Return the drugs that are said to act on the activity of a target (not those that merely change its expression)."""
    acting = {"decreases_activity_of", "increases_activity_of", "inhibits_signaling_of", "negatively_regulates"}
    found = {
        claim.subject
        for claim, record in g.graph.claims.items()
        if claim.relation in acting and claim.object in targets and record.counts.asserted
    }
    return sorted(curie for curie in found if g.entities[curie].category in ("Drug", "SmallMolecule"))


def mass(side: Side) -> float:
    """Return Σ exp(−cost) over the mechanisms of one side that rest on evidence and do not contradict themselves."""
    return sum(exp(-path.score) for path in side.paths if not path.hypothesis and not path.clashes)


def already_stated(answer: Explanation) -> bool:
    """Tell whether any study reports a clinical effect of the drug alone on the disease."""
    return any(not finding.note.startswith("in combination") for finding in answer.clinical)


def main(disease: str, date: str) -> None:
    """Print the ranking."""
    g = ikg.open()
    then = g.as_of(date)
    drugs = drugs_acting_on(then, pathway(then, "IL4R"))
    rows, known = [], []
    for drug in drugs:
        answer = g.explain(drug, disease, as_of=date)
        if already_stated(answer):
            known.append(answer.question.source.name)
        elif answer.benefit.paths or answer.harm.paths:
            rows.append((mass(answer.benefit), mass(answer.harm), answer))
    rows.sort(key=lambda row: (row[1] - row[0], row[2].question.source.name))
    print(f"drugs of IL4R's pathway: {len(drugs)}; disease: {disease}; evidence published by {date}")
    for rank, (benefit, harm, answer) in enumerate(rows, 1):
        print(f"{rank:2}. {answer.question.source.name:<14} benefit {benefit:.3f}  harm {harm:.3f}")
        if answer.benefit.paths:
            steps = answer.benefit.paths[0].steps
            chain = "".join(f" {'⊣' if step.sign < 0 else '→'} {step.object.name}" for step in steps)
            print(f"    {steps[0].subject.name}{chain}")
    print("already stated:", ", ".join(sorted(known)) or "none")


if __name__ == "__main__":
    main(*(sys.argv[1:3] if len(sys.argv) > 2 else ("alopecia areata", "2017-12-31")))
