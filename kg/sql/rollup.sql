-- The final tables, from the staged findings. In: staged (a Parquet view of `identified`), publication, design(name, weight).
-- Out: finding, statement_core, claim_core. A finding that was met twice has one id and counts once.
CREATE TEMP TABLE repeated AS
SELECT id, min(place) AS first FROM staged GROUP BY id HAVING count(*) > 1;

CREATE TEMP VIEW once AS
SELECT s.* FROM staged s
WHERE NOT EXISTS (SELECT 1 FROM repeated r WHERE r.id = s.id AND r.first <> s.place);

CREATE TEMP TABLE dated AS
SELECT key, date,
    CASE length(date)
        WHEN 0 THEN NULL
        WHEN 4 THEN date || '-12-31'
        WHEN 7 THEN coalesce(strftime(last_day(try_cast(date || '-01' AS DATE)), '%Y-%m-%d'), date)
        ELSE date
    END AS last_day
FROM publication;

CREATE TEMP TABLE finding AS
SELECT
    e.id, e.statement, e.claim, e.stance, e.recounts, e.source, e.publication,
    CASE WHEN e.parent_study <> '' THEN e.parent_study ELSE e.study END AS root,
    d.weight
FROM once e JOIN design d ON d.name = e.design;

CREATE TEMP TABLE statement_core AS
WITH base AS (
    SELECT statement AS id, any_value(claim) AS claim, any_value(subject) AS subject, any_value(relation) AS relation,
        any_value(object) AS object, any_value(context) AS context, any_value(conditions) AS conditions,
        any_value(sign) AS sign, any_value(tier) AS tier
    FROM staged GROUP BY statement
),
seen AS (
    SELECT f.statement AS id, list(DISTINCT f.source) FILTER (f.source <> '') AS sources,
        min_by(d.date, (d.last_day, d.date)) FILTER (d.last_day IS NOT NULL) AS first_date
    FROM finding f LEFT JOIN dated d ON d.key = f.publication
    GROUP BY f.statement
)
SELECT b.*, x.lines AS context_lines, c.lines AS conditions_lines,
    coalesce(list_sort(s.sources), []) AS sources, coalesce(s.first_date, '') AS first_date
FROM base b
JOIN seen s ON s.id = b.id
JOIN (SELECT text, any_value(lines) AS lines FROM context GROUP BY text) x ON x.text = b.context
JOIN (SELECT text, any_value(lines) AS lines FROM condition GROUP BY text) c ON c.text = b.conditions;

CREATE TEMP TABLE claim_core AS
SELECT claim AS id, any_value(subject) AS subject, any_value(relation) AS relation, any_value(object) AS object,
    any_value(sign) AS sign, any_value(tier) AS tier, list(id ORDER BY id) AS statements
FROM statement_core GROUP BY claim;
