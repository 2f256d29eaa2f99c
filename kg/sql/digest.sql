-- The digest of one table (kg.digest, set-based). {row_digest}: the digest of a row; {table}: where the rows are.
WITH hashed AS (SELECT {row_digest} AS digest FROM {table}),
bucket AS (
    SELECT substr(digest, 1, 3) AS bucket, count(*) AS rows,
        sha256(array_to_string(list_sort(list(digest)), '')) AS digest
    FROM hashed GROUP BY substr(digest, 1, 3)
)
SELECT coalesce(sum(rows), 0)::BIGINT, sha256(coalesce(string_agg(digest, '' ORDER BY bucket), '')) FROM bucket;
