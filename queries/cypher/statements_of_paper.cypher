// title: Statements of a paper
// question: What does a publication say, and does it support or refute it?
// category: evidence
// param: publication | publication | required | DOI:10.1001/jamadermatol.2018.2976 | the paper, trial or database record
// column: subject | entity | of what it speaks
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | to what
// column: object_name | text | its name
// column: stance | text | supports, refutes or null (looked for, not found)
// column: study | text | the study
// column: design | text | the design of the study
// column: finding | text | what was found
// column: asserted | boolean | whether the claim may be read as a yes, over all its studies
// column: statement | statement | the id of the statement
// order: subject_name, relation, object_name, stance

MATCH (:Publication {id: $publication})<-[:FROM]-(e:Evidence)<-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]-(s:Statement)
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  e.stance AS stance, e.study AS study, e.design AS design, e.finding AS finding, s.asserted AS asserted, s.id AS statement
