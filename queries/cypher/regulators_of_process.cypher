// title: What drives or brakes a process
// question: What turns a process, phenotype or cell type up or down?
// category: mechanisms
// description: Signed causal claims. The valence says whether more of the process is good or bad for the patient, where that is known: what lowers
// description: something good, or raises something bad, may do harm.
// param: process | entity BiologicalProcess,Pathway,PhenotypicFeature,Cell,MolecularActivity | required | ikg:hair-follicle-immune-privilege | the process
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: regulator | entity | what acts on the process
// column: regulator_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | what it does
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// column: valence | text | good or bad, of the process
// order: -asserted, sign, -support, regulator_name

MATCH (p:Entity {id: $process})
      <-[r:POSITIVELY_REGULATES|NEGATIVELY_REGULATES|REQUIRED_FOR|CAUSES|CONTRIBUTES_TO|PROTECTS_AGAINST|INCREASES_ACTIVITY_OF|
        DECREASES_ACTIVITY_OF|INCREASES_ABUNDANCE_OF|DECREASES_ABUNDANCE_OF|DISRUPTS|RECRUITS]-(m:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT m.id AS regulator, m.name AS regulator_name, m.category AS category, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted, p.valence AS valence
