// title: What is more or less in a disease
// question: Which cells, genes and markers are increased or decreased in a disease?
// category: diseases
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: thing | entity | what was measured
// column: thing_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | increased or decreased in
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: category, -sign, -asserted, -support, thing_name

MATCH (:Entity {id: $disease})<-[r:INCREASED_IN|DECREASED_IN]-(t:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT t.id AS thing, t.name AS thing_name, t.category AS category, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
