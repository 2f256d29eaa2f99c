// title: What was known on a day
// question: Which findings about something had surely been published by a day?
// category: time
// description: A date that is known only to the month or the year counts from its last day; findings without a date are left out.
// param: about | entity | required | DRUGBANK:DB12159 | what the findings are about
// param: day | date | 2018-10-10 | 2020 | published by then
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: object | entity | on what
// column: object_name | text | its name
// column: stance | text | supports, refutes or null (looked for, not found)
// column: design | text | the design of the study
// column: study | text | the study
// column: publication | publication | where it was read
// column: date | date | its date, as precisely as known
// column: finding | text | what was found
// column: evidence | evidence | the id of the evidence
// order: date, subject_name, object_name

MATCH (:Entity {id: $about})<-[:SUBJECT|OBJECT]-(s:Statement)
MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
MATCH (s)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
WHERE p.last_day <= $day
RETURN DISTINCT a.id AS subject, a.name AS subject_name, s.relation AS relation, b.id AS object, b.name AS object_name,
  e.stance AS stance, e.design AS design, e.study AS study, p.id AS publication, p.date AS date, e.finding AS finding,
  e.id AS evidence
