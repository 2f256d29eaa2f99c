// title: Dechallenge and rechallenge
// question: In which patients was a drug taken away and given again, and what happened each time?
// category: clinic
// description: Studies that saw something off the drug or on it again, with everything they saw about the same claim in any phase. A finding off
// description: the drug supports the claim when the effect went away.
// param: of_drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | any | DRUGBANK:DB12159 | only of this drug
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: relation | relation | what it does
// column: condition | entity | the condition
// column: condition_name | text | its name
// column: study | text | the study or patient
// column: phase | text | before, on, off or on_again
// column: stance | text | supports, refutes or null (looked for, not found)
// column: time | text | when it was read
// column: duration | text | how long the phase lasted
// column: publication | publication | where it was read
// column: finding | text | what was found
// column: evidence | evidence | the id of the evidence
// order: drug_name, condition_name, study, phase

MATCH (q:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(seen:Evidence)
WHERE seen.observation_phase IN ['off', 'on_again']
WITH DISTINCT q.claim_id AS claim, seen.study AS patient
MATCH (s:Statement {claim_id: claim})-[:SUPPORTED_BY|REFUTED_BY|
  NOT_FOUND_BY]->(e:Evidence {study: patient})-[:FROM]->(p:Publication)
WHERE e.observation_phase IS NOT NULL
MATCH (d:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(c:Entity)
WHERE $of_drug = '' OR d.id = $of_drug
RETURN DISTINCT d.id AS drug, d.name AS drug_name, s.relation AS relation, c.id AS condition, c.name AS condition_name,
  e.study AS study, e.observation_phase AS phase, e.stance AS stance, e.observation_time AS time,
  e.observation_duration AS duration, p.id AS publication, e.finding AS finding, e.id AS evidence
