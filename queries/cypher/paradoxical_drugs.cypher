// title: Drugs that help and harm in one disease
// question: Which drugs improve a disease in some patients and bring it on or worsen it in others?
// category: clinic
// description: Both claims have at least one study in support; neither is shown as the truth: the counts of both sides stand beside each other.
// param: in_disease | entity Disease,PhenotypicFeature | any | MONDO:0005340 | only in this disease
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: disease | entity | the disease
// column: disease_name | text | its name
// column: benefit | relation | how it helps
// column: benefit_support | integer | studies in support
// column: benefit_refute | integer | studies against
// column: benefit_null | integer | studies that looked and found nothing
// column: benefit_asserted | boolean | whether the benefit may be read as a yes
// column: harm | relation | how it harms
// column: harm_support | integer | studies in support
// column: harm_refute | integer | studies against
// column: harm_null | integer | studies that looked and found nothing
// column: harm_asserted | boolean | whether the harm may be read as a yes
// order: drug_name, disease_name

MATCH (d:Entity)-[h:TREATS|AMELIORATES_CONDITION|PREVENTATIVE_FOR_CONDITION]->(x:Entity)
WHERE h.claim_support > 0 AND ($in_disease = '' OR x.id = $in_disease)
MATCH (d)-[r:HAS_ADVERSE_EVENT|EXACERBATES_CONDITION|CAUSES|CONTRIBUTES_TO|INCREASES_RISK_OF]->(x)
WHERE r.claim_support > 0
RETURN DISTINCT d.id AS drug, d.name AS drug_name, x.id AS disease, x.name AS disease_name, h.relation AS benefit,
  h.claim_support AS benefit_support, h.claim_refute AS benefit_refute, h.claim_null AS benefit_null,
  h.asserted AS benefit_asserted, r.relation AS harm, r.claim_support AS harm_support, r.claim_refute AS harm_refute,
  r.claim_null AS harm_null, r.asserted AS harm_asserted
