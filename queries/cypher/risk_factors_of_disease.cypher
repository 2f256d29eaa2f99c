// title: Genes and other risk factors of a disease
// question: Which genes, variants, conditions and exposures go with the risk of a disease?
// category: diseases
// description: Genetic association and risk; what was measured in patients is in changes_in_disease.
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: factor | entity | the gene, variant, condition or exposure
// column: factor_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | how it goes with the risk
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: -asserted, -support, relation, factor_name

MATCH (:Entity {id: $disease})<-[r:GENETICALLY_ASSOCIATED_WITH|INCREASES_RISK_OF|AFFECTS_RISK_FOR]-(f:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT f.id AS factor, f.name AS factor_name, f.category AS category, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
