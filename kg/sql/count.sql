-- Studies for and against, per statement and per claim (kg.belief, set-based).
-- In: finding(id, statement, claim_number, stance, root, weight, recounts). Out: {level}_counts({level}, …).
-- A study's own reports and its retellings are kept apart until it is known whether any own report is there at all.
-- Suppositions in support (weight 0) count only where no finding supports.
CREATE TEMP TABLE {level}_counts AS
WITH weighed AS (
    SELECT * FROM finding
    WHERE weight > 0 OR stance <> 'supports'
        OR {level} NOT IN (SELECT {level} FROM finding WHERE weight > 0 AND stance = 'supports')
),
study AS (
    SELECT
        {level}, root,
        bool_or(NOT recounts) AS own,
        max(weight) AS weight,
        max(weight) FILTER (NOT recounts) AS own_weight,
        bool_or(stance = 'supports') AS supports,
        bool_or(stance = 'refutes') AS refutes,
        bool_or(stance = 'null') AS nulls,
        bool_or(stance = 'supports' AND NOT recounts) AS own_supports,
        bool_or(stance = 'refutes' AND NOT recounts) AS own_refutes,
        bool_or(stance = 'null' AND NOT recounts) AS own_nulls
    FROM weighed
    GROUP BY {level}, root
),
both_ways AS (
    SELECT
        {level},
        bool_or(own) AS any_own,
        count_if(supports) AS s, count_if(refutes) AS r, count_if(nulls) AS n,
        count_if(own_supports) AS os, count_if(own_refutes) AS orr, count_if(own_nulls) AS onn,
        sum(weight) FILTER (supports) AS sw,
        sum(own_weight) FILTER (own_supports) AS osw,
        sum(weight) FILTER (refutes OR nulls) AS aw,
        sum(own_weight) FILTER (own_refutes OR own_nulls) AS oaw
    FROM study
    GROUP BY {level}
),
counted AS (
    SELECT
        {level},
        CASE WHEN any_own THEN os ELSE s END::BIGINT AS support,
        CASE WHEN any_own THEN orr ELSE r END::BIGINT AS refute,
        CASE WHEN any_own THEN onn ELSE n END::BIGINT AS null_count,
        coalesce(CASE WHEN any_own THEN osw ELSE sw END, 0)::DOUBLE AS support_weight,
        coalesce(CASE WHEN any_own THEN oaw ELSE aw END, 0)::DOUBLE AS against_weight
    FROM both_ways
)
SELECT
    *,
    (support_weight + 0.5::DOUBLE) / (support_weight + against_weight + 1.0::DOUBLE) AS belief,
    CASE
        WHEN support = 0 THEN CASE WHEN refute > 0 THEN 'refuted' WHEN null_count > 0 THEN 'not found' ELSE 'no evidence' END
        WHEN support_weight = 0 AND refute + null_count = 0 THEN 'hypothesis'
        WHEN refute + null_count = 0 THEN 'supported'
        WHEN support > refute + null_count AND support_weight > against_weight THEN 'mostly supported'
        WHEN support < refute + null_count AND support_weight < against_weight THEN 'mostly refuted'
        ELSE 'contested'
    END AS verdict
FROM counted;
