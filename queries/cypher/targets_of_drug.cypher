// title: Targets of a drug
// question: On which genes, complexes or other molecules does a drug act, in which direction, and how many studies say so?
// category: drugs
// description: What the drug blocks, activates, silences, degrades or binds; what changes further downstream is left to other questions.
// description: Counts are of studies over all contexts; only an asserted claim may be read as a yes.
// param: drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | required | DRUGBANK:DB12159 | the drug
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: target | entity | what the drug acts on
// column: target_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | how the drug acts on it
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: -asserted, -support, target_name

MATCH (:Entity {id: $drug})
      -[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|BINDS]->(t:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT t.id AS target, t.name AS target_name, t.category AS category, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
UNION
MATCH (:Entity {id: $drug})<-[r:BINDS]-(t:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT t.id AS target, t.name AS target_name, t.category AS category, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
