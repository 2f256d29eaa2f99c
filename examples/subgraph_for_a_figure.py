"""The part of the graph behind an answer, drawn for a paper and saved for Cytoscape.

Explains dupilumab in alopecia areata as of today, takes the statements that the explanation rests on, and writes the
figure (SVG), the same statements as GraphML, and prints how many studies stand behind each arrow of the best mechanisms.

    python examples/subgraph_for_a_figure.py [folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

import immunokg as ikg
from queries.figures import draw


def main(folder: Path) -> None:
    """Write the figure and the GraphML file, and print the best mechanism of each side."""
    g = ikg.open()
    answer = g.explain("dupilumab", "alopecia areata", k=5)
    part = g.subgraph(paths=answer)
    draw(answer, folder / "why.svg")
    part.export(folder / "why.graphml")
    print(f"{len(part)} of {len(g)} statements, {len(part.entities)} entities: why.svg, why.graphml")
    for side in (answer.benefit, answer.harm):
        print(side.sentence)
        for step in side.paths[0].steps:
            arrow = "⊣" if step.sign < 0 else "→"
            print(f"  {step.subject.name} {arrow} {step.object.name}: {step.support} for, {step.refute + step.null} against")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
