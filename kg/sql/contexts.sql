-- Every distinct context and every distinct set of conditions, once, in canonical form.
-- In: raw(context, conditions, …), identifier(curie, target, iri), context_key(key, place).
-- Out: context(raw, lines, text), condition(raw, lines, text); `lines` are those of kg.identity, `text` is JSON.
CREATE TEMP TABLE context AS
WITH item AS (
    SELECT DISTINCT m.raw, m.key, k.place, i.target, '@' || m.key || ' ' || i.iri AS line
    FROM context_mentioned m
    JOIN context_key k USING (key)
    JOIN identifier i ON i.curie = m.curie
),
part AS (
    SELECT raw, key, place, to_json(list(target ORDER BY target))::VARCHAR AS part, list(DISTINCT line) AS lines
    FROM item GROUP BY raw, key, place
)
SELECT
    r.raw,
    coalesce(list_sort(list_distinct(flatten(list(p.lines) FILTER (p.lines IS NOT NULL)))), []) AS lines,
    '{' || coalesce(string_agg('"' || p.key || '":' || p.part, ',' ORDER BY p.place), '') || '}' AS text
FROM (SELECT DISTINCT context AS raw FROM raw) r
LEFT JOIN part p ON p.raw = r.raw
GROUP BY r.raw;

CREATE TEMP TABLE condition AS
WITH flat AS (
    SELECT
        raw,
        coalesce(c."group", '') AS grp,
        {'variable': coalesce(c.variable, ''), 'operator': coalesce(c.operator, ''),
         'value': coalesce(c.value, ''), 'unit': coalesce(c.unit, '')} AS member
    FROM (
        SELECT raw, unnest(from_json(raw, '[{"variable":"VARCHAR","operator":"VARCHAR","value":"VARCHAR","unit":"VARCHAR","group":"VARCHAR"}]')) AS c
        FROM (SELECT DISTINCT conditions AS raw FROM raw WHERE conditions NOT IN ('', '[]'))
    )
),
alternatives AS (
    SELECT raw, list_sort(list(DISTINCT member)) AS members FROM flat WHERE grp <> '' GROUP BY raw, grp
),
item AS (
    SELECT DISTINCT raw, [member] AS members FROM flat WHERE grp = ''
    UNION
    SELECT DISTINCT raw, members FROM alternatives
),
line AS (
    SELECT
        raw,
        members,
        len(members) > 1 AS several,
        '?' || list_aggregate(list_sort(list_transform(members, lambda m:
            concat(escaped(m.variable), chr(9), escaped(m.operator), chr(9), escaped(m.value), chr(9), escaped(m.unit))
        )), 'string_agg', ' | ') AS line
    FROM item
),
numbered AS (
    SELECT raw, line, several, members, row_number() OVER (PARTITION BY raw, several ORDER BY members) AS number FROM line
),
written AS (
    SELECT raw, list(line ORDER BY line) AS lines,
        '[' || string_agg(
            list_aggregate(list_transform(members, lambda m: to_json({
                'variable': m.variable, 'operator': m.operator, 'value': m.value, 'unit': m.unit,
                'group': CASE WHEN several THEN number::VARCHAR ELSE '' END
            })::VARCHAR), 'string_agg', ','),
            ',' ORDER BY several, members) || ']' AS text
    FROM numbered GROUP BY raw
)
SELECT r.raw, coalesce(w.lines, []) AS lines, coalesce(w.text, '[]') AS text
FROM (SELECT DISTINCT conditions AS raw FROM raw) r
LEFT JOIN written w ON w.raw = r.raw;
