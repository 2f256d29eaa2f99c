// title: Who read the findings
// question: How many findings were read by people and how many by machines, and what rests on one kind of reader alone?
// category: provenance
// description: A row for each kind of agent; sole_statements have no finding of any other kind of agent.
// column: agent_type | text | Biolink agent type: manual_agent, text_mining_agent …
// column: findings | integer | pieces of evidence
// column: statements | integer | statements they are about
// column: sole_statements | integer | statements that rest on this kind alone
// order: -findings, agent_type

MATCH (s:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(e:Evidence)
WHERE e.agent_type IS NOT NULL
WITH s, collect(e) AS found, count(DISTINCT e.agent_type) AS kinds
UNWIND found AS e
RETURN DISTINCT e.agent_type AS agent_type, count(DISTINCT e.id) AS findings, count(DISTINCT s.id) AS statements,
  count(DISTINCT CASE WHEN kinds = 1 THEN s.id END) AS sole_statements
