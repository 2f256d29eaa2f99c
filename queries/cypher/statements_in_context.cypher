// title: Statements that hold in a context
// question: What was stated for a cell, tissue, species, disease, ligand or stage?
// category: context
// description: Counts are of the statement in this context, not of the claim over all contexts.
// param: context | entity | required | CL:0000625 | the cell, tissue, taxon, disease, ligand, pathway or stage
// column: part | text | taxon, cell, tissue, disease, ligand or stage
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: statement | statement | the id of the statement
// order: part, -support, subject_name, relation, object_name

UNWIND ['taxon', 'cell', 'tissue', 'disease', 'ligand', 'stage'] AS part
MATCH (a:Entity)<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(b:Entity)
WHERE $context IN coalesce(CASE part WHEN 'taxon' THEN s.context_taxon WHEN 'cell' THEN s.context_cell
  WHEN 'tissue' THEN s.context_tissue WHEN 'disease' THEN s.context_disease WHEN 'ligand' THEN s.context_ligand
  ELSE s.context_stage END, [])
RETURN DISTINCT part, a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object,
  b.name AS object_name, s.support AS support, s.refute AS refute, s.null_count AS null_count, s.id AS statement
