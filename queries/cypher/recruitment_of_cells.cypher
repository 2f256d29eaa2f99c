// title: What recruits cells
// question: Which chemokines, receptors or processes draw which cells?
// category: cytokines
// param: of_cell | entity Cell | any | CL:0000771 | only this cell type
// column: ligand | entity | what draws the cells
// column: ligand_name | text | its name
// column: cell | entity | the cell type
// column: cell_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: cell_name, -asserted, -support, ligand_name

MATCH (l:Entity)-[r:RECRUITS]->(c:Entity)
WHERE $of_cell = '' OR c.id = $of_cell
RETURN DISTINCT l.id AS ligand, l.name AS ligand_name, c.id AS cell, c.name AS cell_name, r.claim_support AS support,
  r.claim_refute AS refute, r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
