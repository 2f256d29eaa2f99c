// title: Kinases and transcription factors of a cytokine
// question: Which kinases and transcription factors does a cytokine turn on or off, directly or through one further molecule?
// category: cytokines
// description: Asserted claims only, at most two steps; the sign is the product of the signs of the steps, weakest_support the smaller of
// description: their counts of studies. Kinases and transcription factors are known by their roles.
// param: cytokine | entity Gene,GeneFamily,MacromolecularComplex,Drug | required | HGNC:6014 | the cytokine
// column: molecule | entity | the kinase or transcription factor
// column: molecule_name | text | its name
// column: role | text | Kinase or TranscriptionFactor
// column: steps | integer | 1 or 2
// column: through | entity | the molecule between, if any
// column: through_name | text | its name
// column: relation | relation | the last step
// column: sign | integer | 1 on, -1 off
// column: weakest_support | integer | studies in support of the weaker step
// order: role, steps, -weakest_support, molecule_name, through_name

MATCH (c:Entity {id: $cytokine})-[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|PHOSPHORYLATES {asserted: true}]->(m:Entity)
UNWIND m.roles AS role
WITH r, m, role
WHERE role IN ['Kinase', 'TranscriptionFactor'] AND m.id <> $cytokine
RETURN DISTINCT m.id AS molecule, m.name AS molecule_name, role AS role, 1 AS steps, null AS through, null AS through_name,
  r.relation AS relation, r.sign AS sign, r.claim_support AS weakest_support
UNION
MATCH (c:Entity {id: $cytokine})-[p:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|PHOSPHORYLATES {asserted: true}]->(t:Entity)
MATCH (t)-[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|PHOSPHORYLATES {asserted: true}]->(m:Entity)
WHERE m.id <> $cytokine AND t.id <> $cytokine AND m.id <> t.id
UNWIND m.roles AS role
WITH p, t, r, m, role
WHERE role IN ['Kinase', 'TranscriptionFactor']
RETURN DISTINCT m.id AS molecule, m.name AS molecule_name, role AS role, 2 AS steps, t.id AS through, t.name AS through_name,
  r.relation AS relation, p.sign * r.sign AS sign,
  CASE WHEN p.claim_support < r.claim_support THEN p.claim_support ELSE r.claim_support END AS weakest_support
