// title: Biomarkers that moved under a drug
// question: What rose or fell in patients on a drug?
// category: clinic
// description: Observations after the drug was given: they test a mechanism and are no step of one.
// param: drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | required | DRUGBANK:DB12159 | the drug
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: marker | entity | what was measured
// column: marker_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | observed to increase or decrease
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: sign, -asserted, -support, marker_name

MATCH (:Entity {id: $drug})-[r:OBSERVED_TO_INCREASE|OBSERVED_TO_DECREASE]->(m:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT m.id AS marker, m.name AS marker_name, m.category AS category, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
