-- Which statement refines which, and which claims conflict.
-- In: statement_core(id, claim_number, context, conditions), context, condition, claim_core(id, subject, object, sign).
-- Out: refinement(id, refines), conflict(id, conflicts).
-- A statement refines another of its claim when its lines are a strict superset. Candidates meet on the rarest line of the
-- less specific one, so that a claim with thousands of contexts is not compared pair by pair.
CREATE TEMP TABLE several AS
SELECT s.id, s.claim_number AS claim, list_concat(x.lines, c.lines) AS lines
FROM statement_core s
JOIN (SELECT text, any_value(lines) AS lines FROM context GROUP BY text) x ON x.text = s.context
JOIN (SELECT text, any_value(lines) AS lines FROM condition GROUP BY text) c ON c.text = s.conditions
WHERE claim_number IN (SELECT claim_number FROM statement_core GROUP BY claim_number HAVING count(*) > 1);

CREATE TEMP TABLE refinement AS
WITH line AS (SELECT id, claim, unnest(lines) AS line FROM several),
frequency AS (SELECT claim, line, count(*) AS uses FROM line GROUP BY claim, line),
rarest AS (
    SELECT l.id, l.claim, min_by(l.line, (f.uses, l.line)) AS line
    FROM line l JOIN frequency f USING (claim, line)
    GROUP BY l.id, l.claim
),
pair AS (
    SELECT a.id, b.id AS other
    FROM several b
    JOIN rarest r ON r.id = b.id
    JOIN line l ON l.claim = r.claim AND l.line = r.line
    JOIN several a ON a.id = l.id
    WHERE len(a.lines) > len(b.lines) AND list_has_all(a.lines, b.lines)
    UNION ALL
    SELECT a.id, b.id
    FROM several b JOIN several a ON a.claim = b.claim
    WHERE len(b.lines) = 0 AND len(a.lines) > 0
)
SELECT id, list(other ORDER BY other) AS refines FROM pair GROUP BY id;

CREATE TEMP TABLE conflict AS
SELECT a.id, list(b.id ORDER BY b.subject, b.relation, b.object) AS conflicts
FROM claim_core a
JOIN claim_core b ON b.subject = a.subject AND b.object = a.object AND a.sign * b.sign < 0
GROUP BY a.id;
