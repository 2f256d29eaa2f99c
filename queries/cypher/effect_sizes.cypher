// title: Effect sizes
// question: How large were the effects, and how sure are they?
// category: clinic
// description: Each measured effect with its interval where one was given, as its study reported it.
// param: about | entity | any | DRUGBANK:DB12159 | only what is said of this entity
// column: subject | entity | of what it is said
// column: subject_name | text | its name
// column: relation | relation | what the subject does to the object
// column: object | entity | the other end
// column: object_name | text | its name
// column: stance | text | supports, refutes or null (looked for, not found)
// column: measure | text | what was measured
// column: effect | number | its size
// column: low | number | lower end of the interval
// column: high | number | upper end of the interval
// column: unit | text | UCUM unit
// column: sample_size | integer | how many were studied
// column: design | text | the design of the study
// column: study | text | the study
// column: publication | publication | where it was read
// order: subject_name, object_name, relation, measure, publication

MATCH (s:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
WHERE e.effect_value IS NOT NULL
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
WHERE $about = '' OR a.id = $about OR b.id = $about
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  e.stance AS stance, e.effect_measure AS measure, e.effect_value AS effect, e.effect_low AS low, e.effect_high AS high,
  e.effect_unit AS unit, e.n AS sample_size, e.design AS design, e.study AS study, p.id AS publication
