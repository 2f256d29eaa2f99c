// title: Evidence from one thing to another
// question: What was found about what one thing does to another, in any relation, and by whom?
// category: evidence
// description: Each finding about every statement from the first thing to the second, in all contexts, for and against.
// param: source | entity | required | DRUGBANK:DB12159 | what acts
// param: target | entity | required | MONDO:0005340 | on what it acts
// column: relation | relation | what was stated
// column: stance | text | supports, refutes or null (looked for, not found)
// column: design | text | the design of the study
// column: study | text | the study
// column: publication | publication | where it was read
// column: date | date | its date, as precise as it is known
// column: finding | text | what was found
// column: asserted | boolean | whether the claim may be read as a yes, over all its studies
// column: statement | statement | the id of the statement
// column: evidence | evidence | the id of the evidence
// order: relation, -stance, date, publication

MATCH (:Entity {id: $source})<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(:Entity {id: $target})
MATCH (s)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
RETURN DISTINCT s.relation AS relation, e.stance AS stance, e.design AS design, e.study AS study, p.id AS publication,
  p.date AS date, e.finding AS finding, s.asserted AS asserted, s.id AS statement, e.id AS evidence
