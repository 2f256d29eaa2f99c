-- Every identifier that a finding mentions, and the parts of every distinct context.
-- In: raw. Out: context_mentioned(raw, key, curie), mentioned(curie).
CREATE TEMP TABLE context_mentioned AS
SELECT raw, part.key AS key, unnest(part.curies) AS curie
FROM (
    SELECT raw, unnest([
        {'key': 'taxon', 'curies': c.taxon}, {'key': 'cell', 'curies': c.cell},
        {'key': 'tissue', 'curies': c.tissue}, {'key': 'disease', 'curies': c.disease},
        {'key': 'ligand', 'curies': c.ligand}, {'key': 'stage', 'curies': c.stage}
    ]) AS part
    FROM (
        SELECT raw, from_json(raw, '{"taxon":["VARCHAR"],"cell":["VARCHAR"],"tissue":["VARCHAR"],"disease":["VARCHAR"],"ligand":["VARCHAR"],"stage":["VARCHAR"]}') AS c
        FROM (SELECT DISTINCT context AS raw FROM raw WHERE context NOT IN ('', '{}'))
    )
);

CREATE TEMP TABLE mentioned AS
SELECT subject AS curie FROM raw
UNION
SELECT object FROM raw
UNION
SELECT curie FROM context_mentioned;
