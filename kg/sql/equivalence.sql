-- Which identifier stands for which: declared exact matches in one step (kg.equivalence.equivalences, set-based).
-- In: entity_raw(id, xrefs, …), first_class(curie). Out: same(old, new).
CREATE TEMP TABLE claimed AS
SELECT xref, min(curie) AS curie
FROM (SELECT DISTINCT id AS curie, unnest(xrefs) AS xref FROM entity_raw)
GROUP BY xref
HAVING count(*) = 1 AND min(curie) <> xref;

-- Two entities that declare each other: the first-class one stays, else the smaller CURIE.
CREATE TEMP TABLE kept AS
SELECT c.xref, c.curie
FROM claimed c
LEFT JOIN claimed back ON back.xref = c.curie AND back.curie = c.xref
WHERE back.xref IS NULL
   OR (c.curie NOT IN (SELECT curie FROM first_class), c.curie) < (c.xref NOT IN (SELECT curie FROM first_class), c.xref);

CREATE TEMP TABLE same AS
SELECT xref AS old, curie AS new FROM kept WHERE curie NOT IN (SELECT xref FROM kept);

-- Entities that need merging: named by several rows, replaced, or replacing one that has a row of its own.
CREATE TEMP TABLE entity_touched AS
SELECT id FROM entity_raw GROUP BY id HAVING count(*) > 1
UNION
SELECT e.id FROM entity_raw e JOIN same s ON s.old = e.id
UNION
SELECT s.new FROM same s JOIN entity_raw e ON s.old = e.id;
