// title: Drugs that share a target
// question: Which other drugs act on what a drug acts on, and in the same direction?
// category: drugs
// description: Both claims are asserted. A target is what a drug blocks, activates, silences, degrades or binds.
// param: drug | entity Drug,SmallMolecule,ChemicalEntity,Treatment | required | DRUGBANK:DB12159 | the drug
// column: other | entity | the other drug
// column: other_name | text | its name
// column: target | entity | what both act on
// column: target_name | text | its name
// column: relation | relation | what the drug does to it
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: other_relation | relation | what the other drug does to it
// column: other_sign | integer | 1 more, -1 less, 0 not said
// column: other_support | integer | studies in support
// column: same_direction | boolean | whether both signs are equal
// order: -same_direction, other_name, target_name

MATCH (:Entity {id: $drug})-[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|
  BINDS {asserted: true}]->(t:Entity)
MATCH (t)<-[q:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|
  BINDS {asserted: true}]-(o:Entity)
WHERE o.id <> $drug AND (o:Drug OR o:SmallMolecule OR o:Treatment)
RETURN DISTINCT o.id AS other, o.name AS other_name, t.id AS target, t.name AS target_name, r.relation AS relation,
  r.sign AS sign, r.claim_support AS support, q.relation AS other_relation, q.sign AS other_sign,
  q.claim_support AS other_support, r.sign = q.sign AS same_direction
