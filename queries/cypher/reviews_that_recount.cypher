// title: Reviews that retell other reports
// question: Which findings only retell patients or experiments of other reports?
// category: evidence
// description: They never count beside the reports they retell; where no report of its own is there, they do.
// param: about | entity | any | DRUGBANK:DB12159 | only findings on statements that name this
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: stance | text | supports, refutes or null (looked for, not found)
// column: design | text | the design
// column: publication | publication | the review
// column: finding | text | what it says
// column: evidence | evidence | the id of the evidence
// order: publication, subject_name, object_name

MATCH (s:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence {recounts: true})-[:FROM]->(p:Publication)
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
WHERE $about = '' OR a.id = $about OR b.id = $about
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  e.stance AS stance, e.design AS design, p.id AS publication, e.finding AS finding, e.id AS evidence
