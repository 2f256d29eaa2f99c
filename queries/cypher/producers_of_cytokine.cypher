// title: Cells that make a cytokine
// question: Which cells make a cytokine, and how many studies say so?
// category: cytokines
// param: cytokine | entity Gene,GeneFamily,MacromolecularComplex,ChemicalEntity | required | HGNC:6014 | the cytokine
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: cell | entity | the cell type
// column: cell_name | text | its name
// column: relation | relation | what the cell does
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: -asserted, -support, cell_name

MATCH (:Entity {id: $cytokine})
      <-[r:PRODUCES|INCREASES_EXPRESSION_OF|DECREASES_EXPRESSION_OF|INCREASES_ABUNDANCE_OF|DECREASES_ABUNDANCE_OF]-(c:Cell)
WHERE r.claim_support >= $min_support
RETURN DISTINCT c.id AS cell, c.name AS cell_name, r.relation AS relation, r.sign AS sign, r.claim_support AS support,
  r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
