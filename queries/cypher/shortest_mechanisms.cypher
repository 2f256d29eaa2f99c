// title: Shortest signed mechanisms
// question: By which chains of at most three steps might one thing raise or lower another?
// category: mechanisms
// description: Every chain of one to three asserted causal or structural claims with a sign, no entity twice, through no disease. The sign of a
// description: chain is the product of the signs of its steps. What trials observed (clinical claims) is never a step; being increased or
// description: decreased in something, or raising its risk, may be the last of several steps. Forms of severity and manifestations are no steps.
// description: A chain is a thought to be tested: for ranking, context and longer chains use explain and paths, which use the path index.
// param: source | entity | required | DRUGBANK:DB12159 | where the chain begins
// param: target | entity | required | MONDO:0005340 | where it ends
// param: most_steps | integer | 3 | 2 | at most so many steps, up to 3
// column: steps | integer | how many steps
// column: sign | integer | 1 more, -1 less of the target
// column: relation1 | relation | the first step
// column: via1 | entity | where it leads
// column: via1_name | text | its name
// column: relation2 | relation | the second step
// column: via2 | entity | where it leads
// column: via2_name | text | its name
// column: relation3 | relation | the third step
// column: weakest_support | integer | studies in support of the weakest step
// order: steps, -weakest_support, via1_name, via2_name

MATCH (a:Entity {id: $source})-[r1]->(z:Entity {id: $target})
WHERE a.id <> z.id AND $most_steps >= 1
  AND r1.asserted AND r1.sign <> 0 AND r1.tier IN ['causal', 'structural']
  AND NOT r1.relation IN ['severity_form_of', 'manifestation_of']
RETURN DISTINCT 1 AS steps, r1.sign AS sign, r1.relation AS relation1, null AS via1, null AS via1_name, null AS relation2,
  null AS via2, null AS via2_name, null AS relation3, r1.claim_support AS weakest_support
UNION
MATCH (a:Entity {id: $source})-[r1]->(b:Entity)-[r2]->(z:Entity {id: $target})
WHERE a.id <> z.id AND b.id <> a.id AND b.id <> z.id AND $most_steps >= 2
  AND NOT b:Disease AND NOT b:Case
  AND r1.asserted AND r1.sign <> 0 AND r1.tier IN ['causal', 'structural']
  AND r2.asserted AND r2.sign <> 0
  AND (r2.tier IN ['causal', 'structural'] OR r2.relation IN ['increased_in', 'decreased_in', 'increases_risk_of'])
  AND NOT r1.relation IN ['severity_form_of', 'manifestation_of'] AND NOT r2.relation IN ['severity_form_of', 'manifestation_of']
RETURN DISTINCT 2 AS steps, r1.sign * r2.sign AS sign, r1.relation AS relation1, b.id AS via1, b.name AS via1_name,
  r2.relation AS relation2, null AS via2, null AS via2_name, null AS relation3,
  CASE WHEN r1.claim_support < r2.claim_support THEN r1.claim_support ELSE r2.claim_support END AS weakest_support
UNION
MATCH (a:Entity {id: $source})-[r1]->(b:Entity)-[r2]->(c:Entity)-[r3]->(z:Entity {id: $target})
WHERE a.id <> z.id AND b.id <> a.id AND b.id <> z.id AND c.id <> a.id AND c.id <> z.id AND b.id <> c.id AND $most_steps >= 3
  AND NOT b:Disease AND NOT b:Case AND NOT c:Disease AND NOT c:Case
  AND r1.asserted AND r1.sign <> 0 AND r1.tier IN ['causal', 'structural']
  AND r2.asserted AND r2.sign <> 0 AND r2.tier IN ['causal', 'structural']
  AND r3.asserted AND r3.sign <> 0
  AND (r3.tier IN ['causal', 'structural'] OR r3.relation IN ['increased_in', 'decreased_in', 'increases_risk_of'])
  AND NOT r1.relation IN ['severity_form_of', 'manifestation_of'] AND NOT r2.relation IN ['severity_form_of', 'manifestation_of']
  AND NOT r3.relation IN ['severity_form_of', 'manifestation_of']
WITH r1, b, r2, c, r3,
  CASE WHEN r1.claim_support < r2.claim_support THEN r1.claim_support ELSE r2.claim_support END AS weaker
RETURN DISTINCT 3 AS steps, r1.sign * r2.sign * r3.sign AS sign, r1.relation AS relation1, b.id AS via1, b.name AS via1_name,
  r2.relation AS relation2, c.id AS via2, c.name AS via2_name, r3.relation AS relation3,
  CASE WHEN weaker < r3.claim_support THEN weaker ELSE r3.claim_support END AS weakest_support
