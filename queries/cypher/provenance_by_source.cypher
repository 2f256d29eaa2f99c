// title: Where it all comes from
// question: How many findings, statements and publications come from which source, under which licence?
// category: provenance
// column: source | text | the source that was loaded
// column: licence | text | the licence of its findings
// column: findings | integer | pieces of evidence
// column: statements | integer | statements they are about
// column: publications | integer | papers, trials and database records
// order: -findings, source, licence

MATCH (s:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
RETURN DISTINCT e.source AS source, e.licence AS licence, count(DISTINCT e.id) AS findings,
  count(DISTINCT s.id) AS statements, count(DISTINCT p.id) AS publications
