// title: Findings by year
// question: In which years was what this graph knows published?
// category: time
// description: Findings without a date are left out.
// column: year | integer | the year
// column: findings | integer | pieces of evidence published in it
// column: statements | integer | statements they are about
// column: publications | integer | papers, trials and database records
// order: year

MATCH (s:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
WHERE p.year IS NOT NULL
RETURN DISTINCT p.year AS year, count(DISTINCT e.id) AS findings, count(DISTINCT s.id) AS statements,
  count(DISTINCT p.id) AS publications
