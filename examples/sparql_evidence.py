"""Who found that dupilumab acts on hair, in whom, and which way? The index case and its rivals, by SPARQL.

Lists every evidence on dupilumab in alopecia areata or one of its severity forms, with stance, phase and date: the
regrowth on the drug, the shedding off it, the regrowth on it again, and the reports of patients who lost their hair.

    python examples/sparql_evidence.py
"""

from __future__ import annotations

import immunokg as ikg
from queries.sparql_engine.terms import Solutions

QUERY = """
SELECT DISTINCT ?date ?relation ?stance ?phase ?design ?finding {
  VALUES ?stance { ikg:supports ikg:refutes ikg:found_no_effect }
  ?disease ikg:severity_form_of? MONDO:0005340 .
  ?statement rdf:subject DRUGBANK:DB12159 ; rdf:predicate ?relation ; rdf:object ?disease .
  GRAPH ?source {
    ?evidence ?stance ?statement ; ikg:finding ?finding ; ikg:study_type ?design ; ikg:publication ?paper .
    OPTIONAL { ?evidence ikg:phase ?phase }
  }
  OPTIONAL { ?paper dct:issued ?date }
}
ORDER BY ?date ?finding
"""


def main() -> None:
    """Print one line for each evidence, oldest first."""
    g = ikg.open()
    answer = g.sparql(QUERY)
    assert isinstance(answer, Solutions)
    for row in answer.values():
        date, relation, stance, phase, design, finding = (str(cell or "") for cell in row)
        print(f"{date or 'undated'}  {relation.partition(':')[2]}, {stance.partition(':')[2]}, {design}, {phase or '–'}")
        print(f"    {finding}")


if __name__ == "__main__":
    main()
