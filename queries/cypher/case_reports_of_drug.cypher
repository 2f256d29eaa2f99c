// title: Case reports of a drug
// question: Which single patients and case series were told of a drug, and what happened to them?
// category: clinic
// param: drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | required | DRUGBANK:DB12159 | the drug
// column: relation | relation | what the drug does
// column: condition | entity | the condition
// column: condition_name | text | its name
// column: stance | text | supports, refutes or null (looked for, not found)
// column: design | text | the design
// column: study | text | the study or patient
// column: sample_size | integer | how many patients
// column: phase | text | before, on, off or on_again
// column: age | text | the patient's age
// column: sex | text | the patient's sex
// column: publication | publication | where it was read
// column: finding | text | what was found
// column: evidence | evidence | the id of the evidence
// order: condition_name, relation, study, phase

MATCH (:Entity {id: $drug})<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(c:Entity)
MATCH (s)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
WHERE e.design IN ['case_report', 'case_series', 'n_of_1_rechallenge']
RETURN DISTINCT s.relation AS relation, c.id AS condition, c.name AS condition_name, e.stance AS stance, e.design AS design,
  e.study AS study, e.n AS sample_size, e.observation_phase AS phase, e.observation_age AS age, e.observation_sex AS sex,
  p.id AS publication, e.finding AS finding, e.id AS evidence
