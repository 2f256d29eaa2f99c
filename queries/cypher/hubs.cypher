// title: Hubs
// question: Which things do most claims speak of?
// category: overview
// description: A hub joins almost everything with everything; a chain through it says little. Refuted claims are counted, too.
// param: least | integer | 20 | 40 | things of at least so many claims
// column: entity | entity | the thing
// column: entity_name | text | its name
// column: category | category | what kind of thing it is
// column: claims | integer | claims that name it
// column: neighbours | integer | things it is named with
// order: -claims, entity_name

MATCH (n:Entity)-[r]-(other:Entity)
WITH n, count(DISTINCT r.claim_id) AS claims, count(DISTINCT other.id) AS neighbours
WHERE claims >= $least
RETURN DISTINCT n.id AS entity, n.name AS entity_name, n.category AS category, claims, neighbours
