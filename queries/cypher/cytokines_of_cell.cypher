// title: Cytokines of a cell
// question: Which cytokines does a cell make, and which act on it?
// category: cytokines
// description: Cytokines are entities with the role Cytokine or Chemokine. The column direction says whether the cell makes the cytokine
// description: (from_cell) or the cytokine acts on the cell (to_cell).
// param: cell | entity Cell | required | CL:0000546 | the cell type
// param: min_support | integer | 0 | 2 | only what at least so many studies support
// column: direction | text | from_cell or to_cell
// column: cytokine | entity | the cytokine
// column: cytokine_name | text | its name
// column: relation | relation | what one does to the other
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: direction, -asserted, -support, cytokine_name

MATCH (:Entity {id: $cell})
      -[r:PRODUCES|INCREASES_EXPRESSION_OF|DECREASES_EXPRESSION_OF|INCREASES_ABUNDANCE_OF|DECREASES_ABUNDANCE_OF]->(c:Entity)
WHERE (c:Cytokine OR c:Chemokine) AND r.claim_support >= $min_support
RETURN DISTINCT 'from_cell' AS direction, c.id AS cytokine, c.name AS cytokine_name, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
UNION
MATCH (:Entity {id: $cell})
      <-[r:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INCREASES_ABUNDANCE_OF|DECREASES_ABUNDANCE_OF|POSITIVELY_REGULATES|
        NEGATIVELY_REGULATES|REQUIRED_FOR|RECRUITS]-(c:Entity)
WHERE (c:Cytokine OR c:Chemokine) AND r.claim_support >= $min_support
RETURN DISTINCT 'to_cell' AS direction, c.id AS cytokine, c.name AS cytokine_name, r.relation AS relation, r.sign AS sign,
  r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
