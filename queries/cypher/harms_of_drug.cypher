// title: Harms of a drug
// question: Which conditions arise or grow worse on a drug, and how many studies say so?
// category: clinic
// description: Counts are of studies over all contexts; contradicted says that a claim of the opposite sign about the same condition (the drug
// description: improves it) stands beside this one: see paradoxical_drugs and conflicting_claims.
// param: drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | required | DRUGBANK:DB12159 | the drug
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: condition | entity | the disease or phenotype
// column: condition_name | text | its name
// column: relation | relation | what the drug does
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// column: contradicted | boolean | whether a claim of the opposite sign stands beside it
// order: -asserted, -support, condition_name

MATCH (d:Entity {id: $drug})<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(c:Entity)
WHERE s.relation IN ['has_adverse_event', 'exacerbates_condition', 'contraindicated_in', 'increases_risk_of']
  AND s.claim_support >= $min_support
OPTIONAL MATCH (s)-[:CONFLICTS_WITH]->(o:Statement)
WITH c, s, count(o) AS opposites
RETURN DISTINCT c.id AS condition, c.name AS condition_name, s.relation AS relation, s.sign AS sign,
  s.claim_support AS support, s.claim_refute AS refute,
  s.claim_null AS null_count, s.claim_verdict AS verdict, s.asserted AS asserted, opposites > 0 AS contradicted
