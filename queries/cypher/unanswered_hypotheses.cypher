// title: Suppositions that nobody has tested
// question: What did authors suppose that no study of this graph has tested?
// category: disagreement
// description: Claims for which every finding is a supposition, none supports and none speaks against.
// param: about | entity | any | MONDO:0005340 | only suppositions that name this
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: publication | publication | who supposed it
// column: date | date | when
// column: finding | text | what was supposed
// column: evidence | evidence | the id of the evidence
// order: subject_name, object_name, relation, date

MATCH (a:Entity)<-[:SUBJECT]-(s:Statement {claim_verdict: 'hypothesis'})-[:OBJECT]->(b:Entity)
WHERE $about = '' OR a.id = $about OR b.id = $about
MATCH (s)-[:SUPPORTED_BY]->(e:Evidence)-[:FROM]->(p:Publication)
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  p.id AS publication, p.date AS date, e.finding AS finding, e.id AS evidence
