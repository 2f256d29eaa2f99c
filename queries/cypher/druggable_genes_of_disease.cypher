// title: Genes of a disease that a drug acts on
// question: Which genes are associated with a disease and are the target of a drug?
// category: drugs
// description: Both claims are asserted. Genes are entities of the categories Gene, GeneFamily and MacromolecularComplex; the association may
// description: be genetic, statistical, measured or causal, as gene_relation says.
// param: disease | entity Disease,PhenotypicFeature | required | MONDO:0005340 | the disease
// column: gene | entity | the gene
// column: gene_name | text | its name
// column: gene_relation | relation | how it is related to the disease
// column: gene_support | integer | studies in support of that
// column: drug | entity | the drug
// column: drug_name | text | its name
// column: drug_relation | relation | what the drug does to the gene
// column: drug_sign | integer | 1 more, -1 less, 0 not said
// column: drug_support | integer | studies in support of that
// order: -gene_support, gene_name, -drug_support, drug_name

MATCH (:Entity {id: $disease})<-[r:GENETICALLY_ASSOCIATED_WITH|ASSOCIATED_WITH|INCREASED_IN|DECREASED_IN|INCREASES_RISK_OF|
  CAUSES|CONTRIBUTES_TO|REQUIRED_FOR|PROTECTS_AGAINST {asserted: true}]-(g:Entity)
MATCH (g)<-[q:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|
  BINDS {asserted: true}]-(d:Entity)
WHERE (g:Gene OR g:GeneFamily OR g:Complex) AND (d:Drug OR d:SmallMolecule OR d:Treatment)
RETURN DISTINCT g.id AS gene, g.name AS gene_name, r.relation AS gene_relation, r.claim_support AS gene_support,
  d.id AS drug, d.name AS drug_name, q.relation AS drug_relation, q.sign AS drug_sign, q.claim_support AS drug_support
UNION
MATCH (:Entity {id: $disease})-[r:ASSOCIATED_WITH {asserted: true}]->(g:Entity)
MATCH (g)<-[q:INCREASES_ACTIVITY_OF|DECREASES_ACTIVITY_OF|INHIBITS_SIGNALING_OF|INCREASES_DEGRADATION_OF|
  BINDS {asserted: true}]-(d:Entity)
WHERE (g:Gene OR g:GeneFamily OR g:Complex) AND (d:Drug OR d:SmallMolecule OR d:Treatment)
RETURN DISTINCT g.id AS gene, g.name AS gene_name, r.relation AS gene_relation, r.claim_support AS gene_support,
  d.id AS drug, d.name AS drug_name, q.relation AS drug_relation, q.sign AS drug_sign, q.claim_support AS drug_support
