// title: Things that no statement is about
// question: Which things does the graph describe and say nothing of?
// category: disagreement
// description: Neither subject nor object of any statement; in_context says that a statement holds in it, such as a tissue or a species.
// column: entity | entity | the thing
// column: entity_name | text | its name
// column: category | category | what kind of thing it is
// column: in_context | boolean | whether it stands in the context of a statement
// order: category, entity_name

OPTIONAL MATCH (s:Statement)
WITH collect(s) AS statements
UNWIND statements + [null] AS s
UNWIND coalesce(s.context_taxon, []) + coalesce(s.context_cell, []) + coalesce(s.context_tissue, [])
  + coalesce(s.context_disease, []) + coalesce(s.context_ligand, []) + coalesce(s.context_stage, []) + [''] AS place
WITH collect(DISTINCT place) AS places
MATCH (e:Entity)
WHERE e.name IS NOT NULL AND NOT (e)<-[:SUBJECT]-() AND NOT (e)<-[:OBJECT]-()
RETURN DISTINCT e.id AS entity, e.name AS entity_name, e.category AS category, e.id IN places AS in_context
