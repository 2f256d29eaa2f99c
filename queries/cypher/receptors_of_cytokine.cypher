// title: Receptors of a cytokine and their chains
// question: Through which receptors does a cytokine act, and of which chains are they made?
// category: cytokines
// description: Receptors are entities with the role Receptor that the cytokine activates, blocks or binds (a decoy receptor is bound only).
// description: A receptor without chains is a single chain, or its chains are not in the graph. Chains are asserted parts.
// param: cytokine | entity Gene,GeneFamily,MacromolecularComplex,Drug,ChemicalEntity | required | HGNC:6014 | the cytokine
// column: receptor | entity | the receptor
// column: receptor_name | text | its name
// column: relation | relation | what the cytokine does to it
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// column: chain | entity | a chain of the receptor
// column: chain_name | text | its name
// order: -asserted, -support, receptor_name, chain_name

MATCH (:Entity {id: $cytokine})-[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|BINDS]->(x:Receptor)
OPTIONAL MATCH (x)<-[:PART_OF {asserted: true}]-(c:Entity)
RETURN DISTINCT x.id AS receptor, x.name AS receptor_name, r.relation AS relation, r.sign AS sign, r.claim_support AS support,
  r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted, c.id AS chain, c.name AS chain_name
UNION
MATCH (:Entity {id: $cytokine})<-[r:BINDS]-(x:Receptor)
OPTIONAL MATCH (x)<-[:PART_OF {asserted: true}]-(c:Entity)
RETURN DISTINCT x.id AS receptor, x.name AS receptor_name, r.relation AS relation, r.sign AS sign, r.claim_support AS support,
  r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted, c.id AS chain, c.name AS chain_name
