-- The five tables as they are written. In: everything above, entity_merged.
CREATE TEMP VIEW final_entities AS
SELECT * FROM entity_raw WHERE id NOT IN (SELECT id FROM entity_touched)
UNION ALL BY NAME
SELECT * FROM entity_merged;

CREATE TEMP VIEW final_statements AS
SELECT s.id, s.claim, s.subject, s.relation, s.object, s.context, s.conditions, s.sign, s.tier,
    n.support, n.refute, n.null_count, n.support_weight, n.against_weight, n.belief, n.verdict,
    s.first_date, s.sources, coalesce(r.refines, []) AS refines
FROM statement_core s
JOIN statement_counts n ON n.statement = s.id
LEFT JOIN refinement r ON r.id = s.id;

CREATE TEMP VIEW final_claims AS
SELECT c.id, c.subject, c.relation, c.object, c.sign, c.tier,
    n.support, n.refute, n.null_count, n.support_weight, n.against_weight, n.belief, n.verdict,
    n.verdict IN ('supported', 'mostly supported') AS asserted,
    m.statements, coalesce(x.conflicts, []) AS conflicts
FROM claim_core c
JOIN claim_number_counts n ON n.claim_number = c.claim_number
JOIN (SELECT claim_number, list_sort(list(id)) AS statements FROM statement_core GROUP BY claim_number) m
    ON m.claim_number = c.claim_number
LEFT JOIN conflict x ON x.id = c.id;

CREATE TEMP VIEW final_evidence AS SELECT id, statement, {evidence_columns} FROM once;

CREATE TEMP VIEW final_publications AS
SELECT * FROM publication WHERE key IN (SELECT publication FROM finding);
