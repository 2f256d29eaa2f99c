// title: Th2 against Th1
// question: How do the type 2 and the type 1 arms of T helper immunity act on each other?
// category: cytokines
// description: Every signed claim from a member of one arm to a member of the other. Type 2: IL4, IL5, IL13, IL4R, GATA3, STAT6, Th2 cells,
// description: their differentiation, the type 2 response, IL-4/IL-13 signaling. Type 1: IFNG, IL12, IL12A, IL12B, IL12RB2, TBX21, STAT1, STAT4,
// description: Th1 cells, their differentiation, the type 1 response, IL-12 and interferon-gamma signaling. A sign of -1 is counter-regulation.
// param: asserted_only | boolean | false | true | leave out what may not be read as a yes
// column: arm | text | the arm that acts
// column: subject | entity | what acts
// column: subject_name | text | its name
// column: relation | relation | what it does
// column: sign | integer | 1 more, -1 less
// column: object | entity | what it acts on, in the other arm
// column: object_name | text | its name
// column: support | integer | studies in support
// column: refute | integer | studies against
// column: null_count | integer | studies that looked and found nothing
// column: verdict | text | one word for both sides
// column: asserted | boolean | whether the claim may be read as a yes
// order: arm, sign, -support, subject_name, object_name

WITH ['HGNC:6014', 'HGNC:6016', 'HGNC:5973', 'HGNC:6015', 'HGNC:4172', 'HGNC:11368', 'CL:0000546', 'GO:0045064', 'GO:0042092',
    'REACT:R-HSA-6785807'] AS two,
  ['HGNC:5438', 'FPLX:IL12', 'HGNC:5969', 'HGNC:5970', 'HGNC:5972', 'HGNC:11599', 'HGNC:11362', 'HGNC:11365', 'CL:0000545',
    'GO:0045063', 'GO:0042088', 'GO:0035722', 'GO:0060333'] AS one
MATCH (a:Entity)-[r]->(b:Entity)
WHERE r.sign <> 0 AND ((a.id IN two AND b.id IN one) OR (a.id IN one AND b.id IN two)) AND (r.asserted OR NOT $asserted_only)
RETURN DISTINCT CASE WHEN a.id IN two THEN 'type 2' ELSE 'type 1' END AS arm, a.id AS subject, a.name AS subject_name,
  r.relation AS relation, r.sign AS sign, b.id AS object, b.name AS object_name, r.claim_support AS support,
  r.claim_refute AS refute, r.claim_null AS null_count, r.claim_verdict AS verdict, r.asserted AS asserted
