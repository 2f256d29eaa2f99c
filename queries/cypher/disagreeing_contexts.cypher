// title: Claims that hold in one context and not in another
// question: Which claims have a statement with support and another, under other context or conditions, that was refuted or not found?
// category: context
// param: about | entity | any | MONDO:0005340 | only what is said of this entity
// column: subject | entity | of what it is said
// column: subject_name | text | its name
// column: relation | relation | what the subject does to the object
// column: object | entity | the other end
// column: object_name | text | its name
// column: found | statement | the statement with support
// column: found_support | integer | studies in support of it
// column: not_found | statement | the statement that was refuted or not found
// column: not_found_refute | integer | studies against it
// column: not_found_null | integer | studies that looked and found nothing
// column: verdict | text | one word for the claim over all contexts
// column: asserted | boolean | whether the claim may be read as a yes
// order: subject_name, relation, object_name

MATCH (a:Entity)<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(b:Entity)
WHERE s.support > 0 AND s.claim_refute + s.claim_null > 0 AND ($about = '' OR a.id = $about OR b.id = $about)
MATCH (a)<-[:SUBJECT]-(t:Statement)
WHERE t.claim_id = s.claim_id AND t.id <> s.id AND t.refute + t.null_count > 0
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  s.id AS found, s.support AS found_support, t.id AS not_found, t.refute AS not_found_refute,
  t.null_count AS not_found_null, s.claim_verdict AS verdict, s.asserted AS asserted
