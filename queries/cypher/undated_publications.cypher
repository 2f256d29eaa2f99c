// title: Publications without a date
// question: Which publications have no date, so that questions about the past leave them out?
// category: time
// column: publication | publication | the publication
// column: findings | integer | pieces of evidence read in it
// order: -findings, publication

MATCH (e:Evidence)-[:FROM]->(p:Publication)
WHERE p.date IS NULL
RETURN DISTINCT p.id AS publication, count(DISTINCT e.id) AS findings
