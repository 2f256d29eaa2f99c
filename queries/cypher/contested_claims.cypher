// title: Contested and refuted claims
// question: On which claims do studies disagree, and which were refuted or looked for in vain?
// category: disagreement
// param: about | entity | any | MONDO:0005340 | only what is said of this entity
// column: subject | entity | of what it is said
// column: subject_name | text | its name
// column: relation | relation | what the subject does to the object
// column: object | entity | the other end
// column: object_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: belief | number | derived belief, between 0 and 1
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: verdict, subject_name, relation, object_name

MATCH (a:Entity)-[r]->(b:Entity)
WHERE r.claim_refute + r.claim_null > 0 AND ($about = '' OR a.id = $about OR b.id = $about)
RETURN DISTINCT a.id AS subject, a.name AS subject_name, r.relation AS relation, b.id AS object, b.name AS object_name,
  r.claim_support AS support, r.claim_refute AS refute, r.claim_null AS null_count, r.claim_belief AS belief,
  r.claim_verdict AS verdict, r.asserted AS asserted
