// title: Statements that say the same more narrowly
// question: Which statements make the same claim as another under more context or conditions?
// category: context
// param: about | entity | any | MONDO:0005340 | only statements that name this
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: narrow | statement | the statement with more context or conditions
// column: narrow_support | integer | studies in support of it
// column: wide | statement | the statement with less
// column: wide_support | integer | studies in support of it
// order: subject_name, object_name, relation

MATCH (s:Statement)-[:REFINES]->(t:Statement)
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
WHERE $about = '' OR a.id = $about OR b.id = $about
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  s.id AS narrow, s.support AS narrow_support, t.id AS wide, t.support AS wide_support
