-- The property-graph form of a graph (kg.property_graph), set-based.
-- In: the tables of a graph (kg.tables.COLUMNS): entities, statements, claims, evidence, publications; and what Python made of
-- whatever is distinct: context_part(text, taxon, cell, …), condition_text(text, readable), condition_use(text, id, "group"),
-- condition_node(id, variable, …), entity_label(category, roles, labels), relation_type(relation, type),
-- level_rank(level, rank), day(date, last_day).
-- Out: node_{kind} with the properties of the kind and "labels"; link_{name} with "start", "end", "type" and properties.
CREATE TEMP TABLE leading_level AS
WITH ranked AS (
    SELECT e.statement, coalesce(min(r.rank) FILTER (e.stance = 'supports'), min(r.rank)) AS rank
    FROM evidence e JOIN level_rank r ON r.level = e.knowledge_level
    GROUP BY e.statement
)
SELECT ranked.statement, r.level FROM ranked JOIN level_rank r USING (rank);

CREATE TEMP TABLE leading_agent AS
SELECT statement, min_by(agent_type, {'most': -number, 'name': agent_type}) AS agent
FROM (SELECT statement, agent_type, count(*) AS number FROM evidence GROUP BY statement, agent_type)
GROUP BY statement;

CREATE TEMP TABLE about AS
SELECT s.id, s.subject, s.object, s.claim AS claim_id, s.relation, s.sign, s.tier, {context_columns},
    c.readable AS conditions, s.support, s.refute, s.null_count, s.belief, s.verdict,
    k.support AS claim_support, k.refute AS claim_refute, k.null_count AS claim_null, k.belief AS claim_belief,
    k.verdict AS claim_verdict, k.asserted, s.first_date,
    CASE WHEN s.first_date <> '' THEN s.first_date[:4]::BIGINT END AS first_year,
    s.sources, l.level AS knowledge_level, a.agent AS agent_type
FROM statements s
JOIN claims k ON k.id = s.claim
LEFT JOIN context_part x ON x.text = s.context
LEFT JOIN condition_text c ON c.text = s.conditions
LEFT JOIN leading_level l ON l.statement = s.id
LEFT JOIN leading_agent a ON a.statement = s.id;

CREATE TEMP VIEW node_entity AS
SELECT e.*, l.labels FROM entities e JOIN entity_label l ON l.category = e.category AND l.roles = e.roles
UNION ALL BY NAME
SELECT id, ['Entity'] AS labels
FROM (SELECT subject AS id FROM statements UNION SELECT object FROM statements)
WHERE id NOT IN (SELECT id FROM entities);

CREATE TEMP VIEW node_statement AS SELECT *, ['Statement'] AS labels FROM about;

CREATE TEMP VIEW node_evidence AS SELECT * REPLACE (nullif(recounts, false) AS recounts), ['Evidence'] AS labels FROM evidence;

CREATE TEMP VIEW node_publication AS
SELECT p.* RENAME (key AS id), d.last_day, d.last_day[:4]::BIGINT AS year, ['Publication'] AS labels
FROM publications p LEFT JOIN day d ON d.date = p.date;

CREATE TEMP VIEW node_condition AS SELECT *, ['Condition'] AS labels FROM condition_node;

CREATE TEMP VIEW link_relations AS
SELECT a.subject AS "start", a.object AS "end", t.type, a.id AS statement_id, a.* EXCLUDE (id, subject, object)
FROM about a JOIN relation_type t ON t.relation = a.relation;

CREATE TEMP VIEW link_statement_ends AS
SELECT id AS "start", subject AS "end", 'SUBJECT' AS type FROM statements
UNION ALL
SELECT id, object, 'OBJECT' FROM statements;

CREATE TEMP VIEW link_statement_evidence AS
SELECT e.statement AS "start", e.id AS "end", t.type FROM evidence e JOIN stance_type t ON t.stance = e.stance;

CREATE TEMP VIEW link_evidence_publication AS SELECT id AS "start", publication AS "end", 'FROM' AS type FROM evidence;

CREATE TEMP VIEW link_statement_conditions AS
SELECT s.id AS "start", u.id AS "end", 'HAS_CONDITION' AS type, u."group"
FROM statements s JOIN condition_use u ON u.text = s.conditions;

CREATE TEMP VIEW link_statement_links AS
SELECT id AS "start", unnest(refines) AS "end", 'REFINES' AS type FROM statements
UNION ALL
SELECT a.id, b.id, 'CONFLICTS_WITH'
FROM statements a
JOIN (SELECT id, unnest(conflicts) AS other FROM claims) k ON k.id = a.claim
JOIN statements b ON b.claim = k.other;
