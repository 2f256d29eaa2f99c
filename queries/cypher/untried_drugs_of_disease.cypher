// title: Drugs that act against a driver of a disease and are untried in it
// question: Which drugs push a driver or brake of a disease the right way, and have no clinical record in that disease?
// category: drugs
// description: Asserted causal claims only: the drug lowers what drives the disease, or raises what holds it back. A drug is untried when the
// description: graph holds no clinical claim of it in this very disease, not even a refuted one; severity forms and classes of drugs are not
// description: looked at. A starting point for reading, not a prediction.
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: mediator | entity | what it acts on
// column: mediator_name | text | its name
// column: drug_relation | relation | what the drug does to it
// column: drug_sign | integer | 1 more, -1 less
// column: drug_support | integer | studies in support of that
// column: relation | relation | what the mediator does to the disease
// column: sign | integer | 1 drives, -1 holds back
// column: support | integer | studies in support of that
// order: -support, mediator_name, -drug_support, drug_name

MATCH (x:Entity {id: $disease})<-[r:CAUSES|CONTRIBUTES_TO|REQUIRED_FOR|PROTECTS_AGAINST|POSITIVELY_REGULATES|
  NEGATIVELY_REGULATES {asserted: true}]-(m:Entity)
MATCH (m)<-[q:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|
  INCREASES_EXPRESSION_OF|DECREASES_EXPRESSION_OF|INCREASES_ABUNDANCE_OF|DECREASES_ABUNDANCE_OF|POSITIVELY_REGULATES|
    NEGATIVELY_REGULATES {asserted: true}]-(d:Entity)
WHERE (d:Drug OR d:SmallMolecule OR d:Treatment) AND r.sign * q.sign < 0
  AND NOT (d)-[:TREATS|AMELIORATES_CONDITION|PREVENTATIVE_FOR_CONDITION|APPLIED_TO_TREAT|IN_CLINICAL_TRIALS_FOR|
    CONTRAINDICATED_IN|HAS_ADVERSE_EVENT|EXACERBATES_CONDITION]->(x)
RETURN DISTINCT d.id AS drug, d.name AS drug_name, m.id AS mediator, m.name AS mediator_name, q.relation AS drug_relation,
  q.sign AS drug_sign, q.claim_support AS drug_support, r.relation AS relation, r.sign AS sign, r.claim_support AS support
