-- In: simple, thought(old, new), entity_raw. Out: same(old, new), entity_touched(id): entities that need merging, because
-- several rows name them, they are replaced or replace another, or they claim what a replaced one claims.
CREATE TEMP TABLE same AS
SELECT old, new FROM simple
UNION
SELECT old, new FROM thought;

CREATE TEMP TABLE entity_touched AS
SELECT id FROM entity_raw GROUP BY id HAVING count(*) > 1
UNION
SELECT e.id FROM entity_raw e JOIN same s ON s.old = e.id
UNION
SELECT s.new FROM same s JOIN entity_raw e ON s.old = e.id
UNION
SELECT c.curie FROM claim_of_id c
WHERE c.xref IN (SELECT r.xref FROM claim_of_id r JOIN same s ON s.old = r.curie);
