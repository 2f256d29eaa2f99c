-- Which identifier stands for which: declared exact matches in one step (kg.equivalence.resolve_claims).
-- In: entity_raw(id, xrefs, …). Out: simple(old, new), what needs no thought; hard(xref, curie), claims to think about.
CREATE TEMP TABLE claim_of_id AS
SELECT DISTINCT xref, id AS curie FROM (SELECT id, unnest(xrefs) AS xref FROM entity_raw) WHERE xref <> id;

CREATE TEMP TABLE simple AS
SELECT xref AS old, min(curie) AS new
FROM claim_of_id
GROUP BY xref
HAVING count(*) = 1 AND min(curie) NOT IN (SELECT xref FROM claim_of_id);

CREATE TEMP TABLE hard AS
WITH open AS (SELECT * FROM claim_of_id WHERE xref NOT IN (SELECT old FROM simple))
SELECT xref, curie FROM open
UNION
SELECT xref, curie FROM claim_of_id WHERE xref IN (SELECT curie FROM open);
