// title: Conditions that limit an effect
// question: For whom, or under which condition, was an effect stated?
// category: context
// description: One row for each condition of a statement; counts are of this statement, not of the claim over all people. Where alternative is true,
// description: one of the conditions of the same statement suffices.
// param: of_subject | entity | any | DRUGBANK:DB12159 | only effects of this
// param: on_object | entity | any | MONDO:0005340 | only effects on this
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: variable | text | what is measured or asked
// column: operator | text | how it is compared
// column: value | text | with what
// column: unit | text | the UCUM unit
// column: alternative | boolean | whether other conditions may stand in for it
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: statement | statement | the id of the statement
// order: subject_name, object_name, relation, variable, value

MATCH (s:Statement)-[has:HAS_CONDITION]->(c:Condition)
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
WHERE ($of_subject = '' OR a.id = $of_subject) AND ($on_object = '' OR b.id = $on_object)
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  c.variable AS variable, c.operator AS operator, c.value AS value, c.unit AS unit, has.group <> '' AS alternative,
  s.support AS support, s.refute AS refute, s.null_count AS null_count, s.id AS statement
