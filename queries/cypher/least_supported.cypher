// title: Claims that rest on little
// question: Which claims are read as a yes although few studies stand behind them?
// category: disagreement
// description: Only claims with a sign that are asserted; belief is derived from the weight of the studies.
// param: most_support | integer | 1 | 2 | at most so many studies in support
// param: about | entity | any | MONDO:0005340 | only claims that name this
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: belief | number | derived belief
// order: belief, subject_name, object_name, relation

MATCH (a:Entity)-[r]->(b:Entity)
WHERE r.asserted AND r.sign <> 0 AND r.claim_support <= $most_support
  AND ($about = '' OR a.id = $about OR b.id = $about)
RETURN DISTINCT a.id AS subject, a.name AS subject_name, r.relation AS relation, b.id AS object, b.name AS object_name,
  r.claim_support AS support, r.claim_refute AS refute, r.claim_null AS null_count, r.claim_belief AS belief
