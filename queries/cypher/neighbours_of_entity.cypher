// title: What is said of one thing
// question: Which claims name a thing, as what acts or as what is acted on?
// category: overview
// description: Every claim, refuted ones included: only an asserted one may be read as a yes.
// param: entity | entity | required | HGNC:6014 | the thing
// column: direction | text | out (it acts) or in (it is acted on)
// column: relation | relation | the relation
// column: neighbour | entity | the other thing
// column: neighbour_name | text | its name
// column: category | category | what kind of thing it is
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: direction, -asserted, -support, relation, neighbour_name

MATCH (:Entity {id: $entity})-[r]->(n:Entity)
RETURN DISTINCT 'out' AS direction, r.relation AS relation, n.id AS neighbour, n.name AS neighbour_name,
  n.category AS category, r.claim_support AS support, r.claim_refute AS refute, r.claim_null AS null_count,
  r.claim_verdict AS verdict, r.asserted AS asserted
UNION
MATCH (:Entity {id: $entity})<-[r]-(n:Entity)
RETURN DISTINCT 'in' AS direction, r.relation AS relation, n.id AS neighbour, n.name AS neighbour_name,
  n.category AS category, r.claim_support AS support, r.claim_refute AS refute, r.claim_null AS null_count,
  r.claim_verdict AS verdict, r.asserted AS asserted
