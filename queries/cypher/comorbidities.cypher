// title: Diseases that go with a disease
// question: Which other diseases go with a disease, or raise its risk, or have their risk raised by it?
// category: diseases
// description: The column direction is to_other when the claim leads from the disease to the other, from_other the other way, and both where
// description: the relation is symmetric.
// param: disease | entity Disease | required | MONDO:0005340 | the disease
// column: other | entity | the other disease
// column: other_name | text | its name
// column: direction | text | to_other, from_other or both
// column: relation | relation | how they go together
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: -asserted, -support, other_name, relation

MATCH (:Entity {id: $disease})-[r:ASSOCIATED_WITH|COEXISTS_WITH|INCREASES_RISK_OF|AFFECTS_RISK_FOR]->(o:Disease)
RETURN DISTINCT o.id AS other, o.name AS other_name,
  CASE WHEN r.relation IN ['associated_with', 'coexists_with'] THEN 'both' ELSE 'to_other' END AS direction,
    r.relation AS relation, r.sign AS sign, r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
UNION
MATCH (:Entity {id: $disease})<-[r:ASSOCIATED_WITH|COEXISTS_WITH|INCREASES_RISK_OF|AFFECTS_RISK_FOR]-(o:Disease)
RETURN DISTINCT o.id AS other, o.name AS other_name,
  CASE WHEN r.relation IN ['associated_with', 'coexists_with'] THEN 'both' ELSE 'from_other' END AS direction,
    r.relation AS relation, r.sign AS sign, r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
