// title: Predictors of response
// question: What tells beforehand who will respond to a treatment, and who will not?
// category: clinic
// param: to_treatment | entity Drug,SmallMolecule,Treatment | any | DRUGBANK:DB12159 | only of this treatment
// column: predictor | entity | what predicts
// column: predictor_name | text | its name
// column: relation | relation | response or non-response
// column: treatment | entity | to what
// column: treatment_name | text | its name
// column: disease | entity | in which disease, where that is stated
// column: disease_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: asserted | boolean | whether the claim may be read as a yes
// column: statement | statement | the id of the statement
// order: treatment_name, relation, -support, predictor_name

MATCH (a:Entity)<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(t:Entity)
WHERE s.relation IN ['predicts_response_to', 'predicts_nonresponse_to'] AND ($to_treatment = '' OR t.id = $to_treatment)
UNWIND coalesce(s.context_disease, [null]) AS disease
OPTIONAL MATCH (x:Entity {id: disease})
RETURN DISTINCT a.id AS predictor, a.name AS predictor_name, s.relation AS relation, t.id AS treatment,
  t.name AS treatment_name, disease AS disease, x.name AS disease_name, s.support AS support, s.refute AS refute,
  s.null_count AS null_count, s.asserted AS asserted, s.id AS statement
