-- What the path index holds of a graph, numbered. In: entity(id, name, category, roles), claim(id, subject, relation, object),
-- statement(id, claim, context, conditions), finding(statement, stance, root, design, extractor, agent_type, recounts,
-- date, source),
-- directed(id, subject, relation, object): the claims, symmetric ones both ways;
-- rule(relation, number, subject_category, object_category, sign, kind). Out: the tables below, each with its number as first column.
-- Only claims that may be steps, or that say what lies within what, are taken in, and only with a finding in support.
CREATE TEMP TABLE category AS SELECT id, any_value(category) AS category FROM entity GROUP BY id;

CREATE TEMP TABLE picked AS
SELECT c.id, c.subject, c.relation, c.object, r.number AS relation_number, r.sign, r.kind
FROM directed c
LEFT JOIN category s ON s.id = c.subject
LEFT JOIN category o ON o.id = c.object
JOIN rule r ON r.relation = c.relation AND r.subject_category = coalesce(s.category, '')
    AND r.object_category = coalesce(o.category, '')
WHERE c.subject <> c.object
    AND c.id IN (SELECT claim FROM statement WHERE id IN (SELECT statement FROM finding WHERE stance = 'supports'));

CREATE TEMP TABLE node AS
SELECT row_number() OVER (ORDER BY n.id) - 1 AS number, n.id, coalesce(e.name, n.id) AS name,
    coalesce(e.category, '') AS category, coalesce(e.roles, []) AS roles
FROM (SELECT id FROM entity UNION SELECT subject FROM picked UNION SELECT object FROM picked) n
LEFT JOIN entity e ON e.id = n.id;

CREATE TEMP TABLE arc AS
SELECT row_number() OVER (ORDER BY p.subject, p.relation, p.object) - 1 AS number, p.id, s.number AS tail, o.number AS head,
    p.relation_number, p.sign, p.kind
FROM picked p JOIN node s ON s.id = p.subject JOIN node o ON o.id = p.object;

CREATE TEMP TABLE setting AS
SELECT row_number() OVER (ORDER BY context, conditions) - 1 AS number, context, conditions
FROM (SELECT DISTINCT s.context, s.conditions FROM statement s JOIN arc a ON a.id = s.claim);

CREATE TEMP TABLE stated AS
SELECT row_number() OVER (ORDER BY a.number, s.id) - 1 AS number, s.id, a.number AS arc, t.number AS setting
FROM statement s JOIN arc a ON a.id = s.claim
JOIN setting t ON t.context = s.context AND t.conditions = s.conditions;

CREATE TEMP TABLE study AS
SELECT row_number() OVER (ORDER BY root) - 1 AS number, root
FROM (SELECT DISTINCT f.root FROM finding f JOIN stated s ON s.id = f.statement);

CREATE TEMP TABLE counted AS
SELECT s.arc, s.number AS statement, y.number AS study,
    CASE f.stance WHEN 'supports' THEN 0 WHEN 'refutes' THEN 1 ELSE 2 END AS stance, f.design, f.extractor, f.agent_type, f.recounts, f.date, f.source
FROM finding f JOIN stated s ON s.id = f.statement JOIN study y ON y.root = f.root;
