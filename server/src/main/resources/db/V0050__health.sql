-- health: what each process says of itself, what the operator counts over all tenants, when channels were called.

-- One row for each living process. No tenant's data.
CREATE TABLE node_states (
  node_id uuid PRIMARY KEY,
  roles text[] NOT NULL,
  parts text[] NOT NULL,
  version text NOT NULL,
  place text NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  items jsonb NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON node_states TO parley_system;

-- How many there are, and since when; never what stands in them.
CREATE POLICY system_counts ON dead_letters FOR SELECT TO parley_system USING (true);
GRANT SELECT (tenant_id, id, queue, created_at) ON dead_letters TO parley_system;

ALTER TABLE channels ADD COLUMN last_unsigned_at timestamptz;
