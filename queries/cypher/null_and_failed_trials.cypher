// title: Null and failed trials
// question: Which benefits were looked for and not found, or refuted?
// category: clinic
// description: Findings against a clinical benefit. The claim may still have other studies in support: asserted says whether it may be read as a
// description: yes over all of them.
// param: of_drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | any | DRUGBANK:DB15090 | only of this drug
// param: in_disease | entity Disease,PhenotypicFeature | any | MONDO:0004980 | only in this disease
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: relation | relation | the benefit
// column: disease | entity | the disease
// column: disease_name | text | its name
// column: stance | text | refutes or null (looked for, not found)
// column: design | text | the design of the study
// column: study | text | the study
// column: sample_size | integer | how many were studied
// column: publication | publication | where it was read
// column: date | date | its date
// column: finding | text | what was found
// column: asserted | boolean | whether the claim may be read as a yes, over all its studies
// column: evidence | evidence | the id of the evidence
// order: disease_name, drug_name, date

MATCH (d:Entity)<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(x:Entity)
WHERE s.relation IN ['treats', 'ameliorates_condition', 'preventative_for_condition']
  AND ($of_drug = '' OR d.id = $of_drug) AND ($in_disease = '' OR x.id = $in_disease)
MATCH (s)-[:REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
RETURN DISTINCT d.id AS drug, d.name AS drug_name, s.relation AS relation, x.id AS disease, x.name AS disease_name,
  e.stance AS stance, e.design AS design, e.study AS study, e.n AS sample_size, p.id AS publication, p.date AS date,
  e.finding AS finding, s.asserted AS asserted, e.id AS evidence
