// title: Forms of a disease
// question: Which forms, kinds and manifestations does a disease have?
// category: diseases
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// column: form | entity | the form, kind or manifestation
// column: form_name | text | its name
// column: category | category | what kind of thing it is
// column: relation | relation | severity_form_of, is_a or manifestation_of
// column: support | integer | studies or tables in support
// column: asserted | boolean | whether the claim may be read as a yes
// order: relation, form_name

MATCH (f:Entity)-[r:SEVERITY_FORM_OF|IS_A|MANIFESTATION_OF]->(:Entity {id: $disease})
RETURN DISTINCT f.id AS form, f.name AS form_name, f.category AS category, r.relation AS relation,
  r.claim_support AS support, r.asserted AS asserted
