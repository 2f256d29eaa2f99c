-- Every other way to name a joined publication, for evidence and for studies that are called by their publication.
-- In: publication_distinct, publication_touched, publication_joined, joined_alias(old, new). Out: publication, alias(old, new).
CREATE TEMP TABLE publication AS
SELECT * FROM publication_distinct WHERE key NOT IN (SELECT key FROM publication_touched)
UNION ALL BY NAME
SELECT * FROM publication_joined;

CREATE TEMP TABLE alias AS
SELECT old, min(new) AS new FROM (
    SELECT old, new FROM joined_alias
    UNION ALL
    SELECT 'PMID:' || pmid, key FROM publication WHERE pmid <> ''
    UNION ALL
    SELECT 'DOI:' || doi, key FROM publication WHERE doi <> ''
    UNION ALL
    SELECT 'PMC:' || pmcid, key FROM publication WHERE pmcid <> ''
)
WHERE old <> new
GROUP BY old;
