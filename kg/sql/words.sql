-- What no vocabulary defines, as (field, problem, fix); nothing when all is well. In: raw, relation_name, design, publication_raw.
WITH parsed AS (
    SELECT context, json_valid(context) AND json_type(CASE WHEN json_valid(context) THEN context ELSE '{}' END) = 'OBJECT' AS fine
    FROM (SELECT DISTINCT context FROM raw WHERE context <> '')
),
listed AS (
    SELECT conditions,
        json_valid(conditions) AND json_type(CASE WHEN json_valid(conditions) THEN conditions ELSE '[]' END) = 'ARRAY' AS fine
    FROM (SELECT DISTINCT conditions FROM raw WHERE conditions <> '')
)
SELECT 'relation', 'unknown relation ''' || relation || '''', 'use a name of relations.tsv'
FROM (SELECT DISTINCT relation FROM raw) WHERE relation NOT IN (SELECT name FROM relation_name)
UNION ALL
SELECT 'design', 'unknown study design ''' || design || '''', 'use a name of study_designs.tsv'
FROM (SELECT DISTINCT design FROM raw) WHERE design NOT IN (SELECT name FROM design)
UNION ALL
SELECT 'stance', 'unknown stance ''' || stance || '''', 'use supports, refutes or null'
FROM (SELECT DISTINCT stance FROM raw) WHERE stance NOT IN ('supports', 'refutes', 'null')
UNION ALL
SELECT 'context', context || ' is no context', 'write JSON such as {"taxon":["NCBITaxon:9606"]}'
FROM parsed
WHERE NOT fine OR len(list_filter(json_keys(CASE WHEN fine THEN context ELSE '{}' END),
    lambda k: k NOT IN ('taxon', 'cell', 'tissue', 'disease', 'ligand', 'stage'))) > 0
UNION ALL
SELECT 'conditions', conditions || ' are no conditions', 'write a JSON list of {variable, operator, value, unit, group}'
FROM listed WHERE NOT fine
UNION ALL
SELECT 'precision', 'unknown precision ''' || precision || '''', 'use day, month, year, release or unknown'
FROM (SELECT DISTINCT precision FROM publication_raw) WHERE precision NOT IN ('day', 'month', 'year', 'release', 'unknown')
UNION ALL
SELECT 'publication', '''' || publication || ''' is in no table of publications', 'add its row'
FROM (SELECT DISTINCT publication FROM raw) WHERE publication NOT IN (SELECT key FROM publication_raw)
UNION ALL
SELECT 'study', 'a finding of ''' || publication || ''' names no study', 'name the trial, or the publication itself'
FROM (SELECT DISTINCT publication FROM raw WHERE study = '')
ORDER BY ALL
LIMIT 101;
