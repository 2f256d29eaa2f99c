// title: Clinical evidence of a drug in a disease by design
// question: How many studies of each design speak for and against a drug in a disease?
// category: clinic
// description: A sub-study counts as its trial; two findings of one study count once. Reviews that only retell others and mere suppositions have
// description: designs of their own and are shown, not added to the studies.
// param: drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | required | DRUGBANK:DB12159 | the drug
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// column: relation | relation | what the drug does
// column: stance | text | supports, refutes or null (looked for, not found)
// column: design | text | the design of the studies
// column: recounts | boolean | whether they retell patients of other reports
// column: studies | integer | how many studies
// column: findings | integer | how many findings
// order: relation, -stance, -studies, design

MATCH (:Entity {id: $drug})<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(:Entity {id: $disease})
WHERE s.relation IN ['treats', 'ameliorates_condition', 'preventative_for_condition', 'applied_to_treat',
  'in_clinical_trials_for',
  'contraindicated_in', 'has_adverse_event', 'exacerbates_condition']
MATCH (s)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)
RETURN DISTINCT s.relation AS relation, e.stance AS stance, e.design AS design, coalesce(e.recounts, false) AS recounts,
  count(DISTINCT coalesce(e.parent_study, e.study)) AS studies, count(DISTINCT e.id) AS findings
