"""Do the mechanisms predict what a trial measured? The test is fair only if the trial has not taught the graph.

Reads a table of measured markers (name, up or down), leaves the trial and all that may retell it out of the graph, explains the
drug in the disease from what is left, and holds the markers against both sides.

    python examples/markers_of_a_trial.py [MARKERS.tsv STUDY]
"""

from __future__ import annotations

import sys

import immunokg as ikg
from queries.explanation.answer import Path

MARKERS = """
# Scalp in alopecia areata after 24 weeks of dupilumab, against placebo (a randomised trial: PMID:36271804)
CCL13\tdown
CCL18\tdown
CCL24\tdown
CCL26\tdown
hair keratins\tup
"""
STUDY = "PMID:36271804"
WORDS = {1: "up", -1: "down", 0: "nothing"}


def chain(path: Path | None) -> str:
    """Return a path in one line, with the papers behind its last step."""
    if path is None:
        return "no branch of this side reaches it"
    names = [path.steps[0].subject.name, *(f"{step.object.name} {WORDS[step.state]}" for step in path.steps)]
    papers = {item.publication for statement in path.steps[-1].statements for item in statement.evidence}
    return f"{' > '.join(names)}  [{', '.join(sorted(papers))}]"


def main(markers: str = MARKERS, study: str = STUDY) -> None:
    """Print what was left out, what each side predicts of each marker and why, and the test."""
    answer = ikg.open().explain("dupilumab", "alopecia areata", observed=markers, without_study=study)
    test = answer.observed
    assert test is not None
    print(f"Left out with {study}: {answer.question.left_out_studies} pieces of evidence.\n")
    for marker in test.markers:
        print(f"{marker.name}: {WORDS[marker.observed]}; benefit predicts {WORDS[marker.benefit]}, harm {WORDS[marker.harm]}")
        if marker.benefit or marker.harm:
            print(f"  benefit: {chain(marker.benefit_path)}\n  harm:    {chain(marker.harm_path)}")
    print(f"\n{test.sentence}")
    print(f"\nRandom sets: {test.tests[0].draws:,}, from {test.eligible} nodes: {test.pool}.")


if __name__ == "__main__":
    main(*sys.argv[1:3])
