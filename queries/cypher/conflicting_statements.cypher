// title: Claims that contradict each other
// question: Which claims about the same two things have opposite signs, and how many studies stand on each side?
// category: disagreement
// description: Each pair stands once, the claim that raises first. Both may hold, in other contexts, people or patients: look at their statements.
// param: about | entity | any | MONDO:0005340 | only where this is one of the two things
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: object | entity | on what
// column: object_name | text | its name
// column: raises | relation | the claim with a positive sign
// column: raises_support | integer | studies in support of it
// column: raises_against | integer | studies against it, or that found nothing
// column: raises_asserted | boolean | whether it may be read as a yes
// column: lowers | relation | the claim with a negative sign
// column: lowers_support | integer | studies in support of it
// column: lowers_against | integer | studies against it, or that found nothing
// column: lowers_asserted | boolean | whether it may be read as a yes
// order: subject_name, object_name, raises, lowers

MATCH (s:Statement)-[:CONFLICTS_WITH]->(t:Statement)
WHERE s.sign > 0
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
WHERE $about = '' OR a.id = $about OR b.id = $about
RETURN DISTINCT a.id AS subject, a.name AS subject_name, b.id AS object, b.name AS object_name,
  s.relation AS raises, s.claim_support AS raises_support, s.claim_refute + s.claim_null AS raises_against,
  s.asserted AS raises_asserted, t.relation AS lowers, t.claim_support AS lowers_support,
  t.claim_refute + t.claim_null AS lowers_against, t.asserted AS lowers_asserted
