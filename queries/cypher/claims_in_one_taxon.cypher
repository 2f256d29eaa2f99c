// title: Claims known from one species only
// question: Which claims are read as a yes although every statement of them is from one species (mouse, unless you say otherwise)?
// category: context
// description: Asserted claims all of whose statements name this one taxon and no other; a statement without a taxon leaves the claim out.
// param: taxon | entity OrganismTaxon | NCBITaxon:10090 | NCBITaxon:9606 | the species
// param: about | entity | any | MONDO:0005340 | only what is said of this entity
// column: subject | entity | of what it is said
// column: subject_name | text | its name
// column: relation | relation | what the subject does to the object
// column: object | entity | the other end
// column: object_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: statements | integer | how many statements, all of this species
// order: -support, subject_name, relation, object_name

MATCH (a:Entity)-[r]->(b:Entity)
WHERE r.asserted AND ($about = '' OR a.id = $about OR b.id = $about)
WITH a, b, r.relation AS relation, r.claim_support AS support, r.claim_refute AS refute, r.claim_null AS null_count,
  count(r) AS statements,
  sum(CASE WHEN size(coalesce(r.context_taxon, [])) = 1 AND $taxon IN r.context_taxon THEN 1 ELSE 0 END) AS here
WHERE here = statements
RETURN DISTINCT a.id AS subject, a.name AS subject_name, relation, b.id AS object, b.name AS object_name, support, refute,
  null_count,
  statements
