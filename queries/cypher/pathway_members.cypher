// title: What a pathway contains
// question: What takes part in a pathway or process, and what turns it up or down?
// category: mechanisms
// description: The column part says whether something belongs to the pathway (member) or acts on it (regulator).
// param: pathway | entity Pathway,BiologicalProcess | required | REACT:R-HSA-6785807 | the pathway or process
// param: min_support | integer | 0 | 1 | only what at least so many studies support
// column: part | text | member or regulator
// column: member | entity | what takes part or acts
// column: member_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | how it is related to the pathway
// column: sign | integer | 1 more, -1 less, 0 not said
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: part, -asserted, -support, member_name

MATCH (:Entity {id: $pathway})
      <-[r:PART_OF|PARTICIPATES_IN|IS_A|CAPABLE_OF|ENABLES|POSITIVELY_REGULATES|NEGATIVELY_REGULATES|REGULATES|REQUIRED_FOR|
        INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|DISRUPTS]-(m:Entity)
WHERE r.claim_support >= $min_support
RETURN DISTINCT
  CASE WHEN r.relation IN ['part_of', 'participates_in', 'is_a', 'capable_of', 'enables'] THEN 'member' ELSE 'regulator' END
    AS part,
  m.id AS member, m.name AS member_name, m.category AS category, r.relation AS relation, r.sign AS sign,
    r.claim_support AS support, r.claim_refute AS refute,
  r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
