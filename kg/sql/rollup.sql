-- The final tables, from the staged findings. In: staged (a Parquet view of `identified`), publication, design(name, weight),
-- reader(agent_type, extractor, precision): what findings that no person made are multiplied by (1 unless machine-read);
-- {unrepeated} leaves the repetitions out, where there are any.
-- Out: finding, statement_core, claim_core. A finding that was met twice has one id and counts once.
CREATE TEMP VIEW once AS SELECT * FROM staged {unrepeated};

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
    e.id, e.statement, e.claim_number, e.stance, e.recounts, e.source, e.publication,
    CASE WHEN e.parent_study <> '' THEN e.parent_study ELSE e.study END AS root,
    (d.weight * coalesce(x.precision::DECIMAL(5, 4), 1))::DECIMAL(18, 9) AS weight
FROM once e
JOIN design d ON d.name = e.design
LEFT JOIN reader x ON x.agent_type = e.agent_type AND x.extractor = e.extractor;

CREATE TEMP TABLE claim_core AS
SELECT c.claim_number, c.subject, c.relation, c.object, t.sign, t.tier,
    sha256(concat_ws(chr(10), 'claim', s.iri, t.iri, o.iri)) AS id
FROM (
    SELECT claim_number, any_value(subject) AS subject, any_value(relation) AS relation, any_value(object) AS object
    FROM staged GROUP BY claim_number
) c
JOIN relation t ON t.name = c.relation
JOIN (SELECT DISTINCT target, iri FROM identifier) s ON s.target = c.subject
JOIN (SELECT DISTINCT target, iri FROM identifier) o ON o.target = c.object;

CREATE TEMP TABLE statement_core AS
WITH base AS (
    SELECT statement AS id, any_value(claim_number) AS claim_number, any_value(subject) AS subject,
        any_value(relation) AS relation, any_value(object) AS object, any_value(context) AS context,
        any_value(conditions) AS conditions
    FROM staged GROUP BY statement
),
dates AS (
    SELECT f.statement AS id, substr(min(d.last_day || d.date), 11) AS first_date
    FROM finding f JOIN dated d ON d.key = f.publication
    WHERE d.last_day IS NOT NULL GROUP BY f.statement
),
origins AS (
    SELECT id, list(source ORDER BY source) AS sources
    FROM (SELECT DISTINCT statement AS id, source FROM finding WHERE source <> '') GROUP BY id
)
SELECT b.*, t.sign, t.tier, n.id AS claim, coalesce(o.sources, []) AS sources, coalesce(d.first_date, '') AS first_date
FROM base b
JOIN relation t ON t.name = b.relation
JOIN claim_core n ON n.claim_number = b.claim_number
LEFT JOIN origins o ON o.id = b.id
LEFT JOIN dates d ON d.id = b.id;
