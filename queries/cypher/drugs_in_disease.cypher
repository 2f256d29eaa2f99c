// title: Drugs tried in a disease
// question: Which drugs were tried in a disease or in one of its severity forms, and what came of it?
// category: clinic
// description: Every clinical claim, benefit, harm, null and mere use alike. The column condition says in which form.
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: condition | entity | the disease, or its severity form
// column: condition_name | text | its name
// column: relation | relation | what the drug does
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: drug_name, condition_name, -asserted, -support

MATCH (x:Entity {id: $disease})
OPTIONAL MATCH (x)<-[:SEVERITY_FORM_OF {asserted: true}]-(form:Entity)
WITH x, collect(DISTINCT form) AS forms
UNWIND forms + [x] AS c
MATCH (c)<-[r:TREATS|AMELIORATES_CONDITION|PREVENTATIVE_FOR_CONDITION|APPLIED_TO_TREAT|IN_CLINICAL_TRIALS_FOR|
  CONTRAINDICATED_IN|HAS_ADVERSE_EVENT|EXACERBATES_CONDITION]-(d:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT d.id AS drug, d.name AS drug_name, c.id AS condition, c.name AS condition_name, r.relation AS relation,
  r.sign AS sign, r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
