-- Which publications have to be looked at by kg.equivalence.join_publications: those that share an id with another, that
-- come in several versions, or whose key is not the preferred one. All others stand as they are.
-- In: publication_raw. Out: publication_touched(key).
CREATE TEMP TABLE publication_distinct AS SELECT DISTINCT * FROM publication_raw;

CREATE TEMP TABLE publication_touched AS
WITH id AS (
    SELECT key, 'pmid:' || pmid AS id FROM publication_distinct WHERE pmid <> ''
    UNION
    SELECT key, 'doi:' || lower(doi) FROM publication_distinct WHERE doi <> ''
    UNION
    SELECT key, 'pmcid:' || upper(pmcid) FROM publication_distinct WHERE pmcid <> ''
    UNION
    SELECT key, 'pmid:' || substr(key, 6) FROM publication_distinct WHERE starts_with(key, 'PMID:')
    UNION
    SELECT key, 'doi:' || lower(substr(key, 5)) FROM publication_distinct WHERE starts_with(key, 'DOI:')
    UNION
    SELECT key, 'pmcid:' || upper(substr(key, 5)) FROM publication_distinct WHERE starts_with(key, 'PMC:')
)
SELECT key FROM id WHERE id IN (SELECT id FROM id GROUP BY id HAVING count(*) > 1)
UNION
SELECT key FROM publication_distinct GROUP BY key HAVING count(*) > 1
UNION
SELECT key FROM publication_distinct
WHERE doi <> lower(doi)
   OR CASE WHEN pmid <> '' THEN 'PMID:' || pmid WHEN doi <> '' THEN 'DOI:' || doi WHEN pmcid <> '' THEN 'PMC:' || pmcid ELSE key END <> key;
