// title: Evidence of a statement
// question: What stands behind a statement, for and against?
// category: evidence
// description: Two findings of one study count once: root_study is the key that counts (the trial of a sub-study, else the study).
// param: statement | statement | required | d78e528d943dbc12b5cddd607d33869a26cbe519a394f487d22e0bb0e131cc3b | the id of the statement
// column: stance | text | supports, refutes or null (looked for, not found)
// column: publication | publication | where it was read
// column: date | date | its date, as precise as it is known
// column: study | text | the study
// column: root_study | text | the study that counts
// column: design | text | the design of the study
// column: sample_size | integer | how many were studied
// column: recounts | boolean | whether a review retells patients of other reports
// column: finding | text | what was found
// column: source | text | the source that was loaded
// column: evidence | evidence | the id of the evidence
// order: -stance, date, publication

MATCH (:Statement {id: $statement})-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)-[:FROM]->(p:Publication)
RETURN DISTINCT e.stance AS stance, p.id AS publication, p.date AS date, e.study AS study,
  coalesce(e.parent_study, e.study) AS root_study, e.design AS design, e.n AS sample_size,
  coalesce(e.recounts, false) AS recounts, e.finding AS finding, e.source AS source, e.id AS evidence
