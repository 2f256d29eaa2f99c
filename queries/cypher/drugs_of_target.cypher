// title: Drugs that act on a target
// question: Which drugs act on a gene or complex, or on a complex or family that it belongs to, and how many studies say so?
// category: drugs
// description: Drugs are entities of the categories Drug, SmallMolecule and Treatment. The column through says on what exactly the drug acts:
// description: the target itself, or what the target is an asserted part or kind of.
// param: target | entity Gene,GeneFamily,MacromolecularComplex,ChemicalEntity | required | HGNC:5970 | the target
// param: min_support | integer | 0 | 1 | only what at least so many studies support
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: through | entity | on what it acts
// column: through_name | text | its name
// column: relation | relation | how it acts
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: -asserted, -support, drug_name, through_name

MATCH (t:Entity {id: $target})
OPTIONAL MATCH (t)-[:PART_OF|IS_A {asserted: true}]->(whole:Entity)
WITH t, collect(DISTINCT whole) AS wholes
UNWIND wholes + [t] AS x
MATCH (x)<-[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|BINDS]-(d:Entity)
WHERE (d:Drug OR d:SmallMolecule OR d:Treatment) AND r.claim_support >= $min_support
RETURN DISTINCT d.id AS drug, d.name AS drug_name, x.id AS through, x.name AS through_name, r.relation AS relation,
  r.sign AS sign, r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
UNION
MATCH (x:Entity {id: $target})-[r:BINDS]->(d:Entity)
WHERE (d:Drug OR d:SmallMolecule OR d:Treatment) AND r.claim_support >= $min_support
RETURN DISTINCT d.id AS drug, d.name AS drug_name, x.id AS through, x.name AS through_name, r.relation AS relation,
  r.sign AS sign, r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
