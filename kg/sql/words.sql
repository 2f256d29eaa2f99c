-- What no vocabulary defines, as (field, problem, fix); nothing when all is well. In: raw, relation_name, design, publication_raw.
WITH parsed AS (
    SELECT context, CASE WHEN json_valid(context) THEN context::JSON END AS j
    FROM (SELECT DISTINCT context FROM raw WHERE context <> '')
),
listed AS (
    SELECT conditions, CASE WHEN json_valid(conditions) THEN conditions::JSON END AS j
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
WHERE coalesce(json_type(j), '') <> 'OBJECT'
   OR len(list_filter(json_keys(j), lambda k: k NOT IN ('taxon', 'cell', 'tissue', 'disease', 'ligand', 'stage'))) > 0
   OR len(list_filter(json_extract(j, '$.*'), lambda v: json_type(v) <> 'ARRAY')) > 0
   OR len(list_filter(json_extract(j, '$.*[*]'), lambda v: json_type(v) <> 'VARCHAR')) > 0
UNION ALL
SELECT 'conditions', conditions || ' are no conditions', 'write a JSON list of {variable, operator, value, unit, group}'
FROM listed
WHERE coalesce(json_type(j), '') <> 'ARRAY'
   OR len(list_filter(json_extract(j, '$[*]'), lambda c: json_type(c) <> 'OBJECT')) > 0
   OR len(list_filter(flatten(list_transform(json_extract(j, '$[*]'), lambda c: json_keys(c))),
        lambda k: k NOT IN ('variable', 'operator', 'value', 'unit', 'group'))) > 0
   OR len(list_filter(json_extract(j, '$[*].*'), lambda v: json_type(v) <> 'VARCHAR')) > 0
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
