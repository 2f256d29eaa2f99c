-- Every finding with the digests of its statement and of itself (kg.identity, set-based), and a number for its claim.
-- In: raw, identifier, relation(name, number, iri, sign, tier, symmetric), context, condition, alias(old, new).
-- {evidence_columns}: the evidence's columns after publications were joined; {evidence_lines}: their hashed lines.
CREATE TEMP VIEW identified AS
WITH placed AS (
    SELECT
        r.*,
        t.iri AS relation_iri, t.number AS relation_number,
        t.symmetric AND o.iri < s.iri AS turned,
        s.target AS subject_id, s.iri AS subject_iri, s.number AS subject_number,
        o.target AS object_id, o.iri AS object_iri, o.number AS object_number,
        x.text AS context_text, x.lines AS context_lines, c.text AS conditions_text, c.lines AS conditions_lines,
        coalesce(p.new, r.publication) AS joined_publication,
        coalesce(a.new, r.study) AS joined_study,
        coalesce(b.new, r.parent_study) AS joined_parent
    FROM raw r
    JOIN relation t ON t.name = r.relation
    JOIN identifier s ON s.curie = r.subject
    JOIN identifier o ON o.curie = r.object
    JOIN context x ON x.raw = r.context
    JOIN condition c ON c.raw = r.conditions
    LEFT JOIN alias p ON p.old = r.publication
    LEFT JOIN alias a ON a.old = r.study
    LEFT JOIN alias b ON b.old = r.parent_study
),
turned AS (
    SELECT
        * EXCLUDE (subject, object, context, conditions, publication, study, parent_study),
        CASE WHEN turned THEN object_id ELSE subject_id END AS subject,
        CASE WHEN turned THEN subject_id ELSE object_id END AS object,
        context_text AS context,
        conditions_text AS conditions,
        joined_publication AS publication,
        joined_study AS study,
        joined_parent AS parent_study,
        concat_ws(chr(10),
            CASE WHEN turned THEN object_iri ELSE subject_iri END,
            relation_iri,
            CASE WHEN turned THEN subject_iri ELSE object_iri END) AS triple,
        -- 28 bits for each identifier, 8 for the relation: exact, and far cheaper to group by than a digest
        CASE WHEN turned THEN (object_number << 28) | subject_number ELSE (subject_number << 28) | object_number END << 8
            | relation_number AS claim_number
    FROM placed
),
stated AS (
    SELECT *,
        sha256(concat_ws(chr(10), 'statement', triple,
            nullif(array_to_string(context_lines, chr(10)), ''),
            nullif(array_to_string(conditions_lines, chr(10)), ''))) AS statement
    FROM turned
)
SELECT
    sha256(concat_ws(chr(10), 'evidence', statement, {evidence_lines})) AS id,
    statement, claim_number, subject, relation, object, context, conditions,
    {evidence_columns}
FROM stated;
