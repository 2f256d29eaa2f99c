-- Findings that were met more than once: each is kept where it stood first. In: staged. Out: repeated.
CREATE TEMP TABLE repeated AS
SELECT id, min(place) AS first FROM staged GROUP BY id HAVING count(*) > 1;
