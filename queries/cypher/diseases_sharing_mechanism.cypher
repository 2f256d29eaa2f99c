// title: Diseases that share a mechanism
// question: Which other diseases have a cause, driver or brake in common with a disease?
// category: diseases
// description: A mediator is shared when asserted causal claims lead from it to both diseases with the same sign.
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// column: other | entity | the other disease
// column: other_name | text | its name
// column: mediator | entity | what both have in common
// column: mediator_name | text | its name
// column: category | category | what kind of thing it is
// column: sign | integer | 1 it drives both, -1 it holds both back
// column: relation | relation | what it does to the disease
// column: support | integer | studies in support
// column: other_relation | relation | what it does to the other disease
// column: other_support | integer | studies in support
// order: other_name, mediator_name

MATCH (d:Entity {id: $disease})
      <-[r:CAUSES|CONTRIBUTES_TO|REQUIRED_FOR|PROTECTS_AGAINST|POSITIVELY_REGULATES|
        NEGATIVELY_REGULATES {asserted: true}]-(m:Entity)
MATCH (m)-[q:CAUSES|CONTRIBUTES_TO|REQUIRED_FOR|PROTECTS_AGAINST|POSITIVELY_REGULATES|
  NEGATIVELY_REGULATES {asserted: true}]->(o:Disease)
WHERE o.id <> $disease AND r.sign = q.sign
RETURN DISTINCT o.id AS other, o.name AS other_name, m.id AS mediator, m.name AS mediator_name, m.category AS category,
  r.sign AS sign, r.relation AS relation, r.claim_support AS support, q.relation AS other_relation,
  q.claim_support AS other_support
