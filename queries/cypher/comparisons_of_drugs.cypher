// title: Drugs compared with each other
// question: Which drug worked better than which?
// category: clinic
// param: of_drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | any | DRUGBANK:DB12159 | only comparisons with this drug
// column: drug | entity | the drug said to be better
// column: drug_name | text | its name
// column: other | entity | the drug it was compared with
// column: other_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: -asserted, drug_name, other_name

MATCH (d:Entity)-[r:MORE_EFFECTIVE_THAN]->(o:Entity)
WHERE $of_drug = '' OR d.id = $of_drug OR o.id = $of_drug
RETURN DISTINCT d.id AS drug, d.name AS drug_name, o.id AS other, o.name AS other_name, r.claim_support AS support,
  r.claim_refute AS refute, r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
