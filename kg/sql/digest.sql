-- The digest of one table (kg.digest, set-based). {row_text}: the text of a row; {table}: where the rows are.
WITH hashed AS (SELECT sha256({row_text}) AS digest FROM {table}),
bucket AS (
    SELECT substr(digest, 1, 2) AS bucket, count(*) AS rows, sha256(string_agg(digest, '' ORDER BY digest)) AS digest
    FROM hashed GROUP BY substr(digest, 1, 2)
)
SELECT coalesce(sum(rows), 0)::BIGINT, sha256(coalesce(string_agg(digest, '' ORDER BY bucket), '')) FROM bucket;
