// title: Registered trials
// question: Which registered trials stand behind what is said, and on which side?
// category: clinic
// description: Publications that name a number of ClinicalTrials.gov; several are separated by a vertical bar.
// param: about | entity | any | DRUGBANK:DB12159 | only what is said of this entity
// column: trial | text | the registration
// column: publication | publication | where it was read
// column: subject | entity | of what it is said
// column: subject_name | text | its name
// column: relation | relation | what the subject does to the object
// column: object | entity | the other end
// column: object_name | text | its name
// column: stance | text | supports, refutes or null (looked for, not found)
// column: design | text | the design of the study
// column: study | text | the study
// order: trial, publication, subject_name, relation, object_name

MATCH (a:Entity)<-[:SUBJECT]-(s:Statement)-[:OBJECT]->(b:Entity)
WHERE $about = '' OR a.id = $about OR b.id = $about
MATCH (s)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
WHERE p.nct IS NOT NULL
RETURN DISTINCT p.nct AS trial, p.id AS publication, a.id AS subject, a.name AS subject_name, s.relation AS relation,
  b.id AS object, b.name AS object_name, e.stance AS stance, e.design AS design, e.study AS study
