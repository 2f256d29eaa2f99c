// title: Studies that are parts of another
// question: Which studies are parts of a trial or cohort and count with it, not beside it?
// category: evidence
// column: parent | text | the trial or cohort
// column: study | text | the part
// column: findings | integer | pieces of evidence of the part
// order: parent, study

MATCH (e:Evidence)
WHERE e.parent_study IS NOT NULL
RETURN DISTINCT e.parent_study AS parent, e.study AS study, count(DISTINCT e.id) AS findings
