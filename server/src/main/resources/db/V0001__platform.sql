-- platform: leases and lanes, the event log, work queues, dead letters, idempotency, timers.
--
-- Every tenant table has tenant_id first in its keys, row-level security enabled and forced, and a policy on the
-- setting app.tenant_id that TenantDb gives each transaction. NULLIF because a custom setting that was set LOCAL
-- once is an empty string, not NULL, in later transactions of the same connection.

GRANT USAGE ON SCHEMA public TO parley_app, parley_intake, parley_system;

-- Who is alive, and who owns which lane. No tenant's data.
CREATE TABLE nodes (
  node_id uuid PRIMARY KEY,
  wants text[] NOT NULL,
  seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON nodes TO parley_system;

CREATE TABLE leases (
  name text NOT NULL,
  lane int NOT NULL,
  owner uuid,
  token bigint NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL DEFAULT now(),
  -- Nobody writes it: the right to update a column is what PostgreSQL asks of those who lock a row.
  fence boolean,
  PRIMARY KEY (name, lane)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO parley_system;
GRANT SELECT, UPDATE (fence) ON leases TO parley_app;

-- The event log. A lane's head is locked while its numbers are given out, until the commit.
CREATE TABLE lane_heads (
  tenant_id uuid NOT NULL,
  lane int NOT NULL,
  last_seq bigint NOT NULL,
  touched_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, lane)
) WITH (fillfactor = 50);
ALTER TABLE lane_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE lane_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lane_heads TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_reads ON lane_heads FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON lane_heads TO parley_app;
GRANT SELECT ON lane_heads TO parley_system;

CREATE TABLE events (
  tenant_id uuid NOT NULL,
  lane int NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  version int NOT NULL,
  project_id uuid,
  conversation_id uuid,
  time timestamptz NOT NULL,
  correlation_id text NOT NULL,
  causation_id uuid,
  data jsonb NOT NULL,
  PRIMARY KEY (tenant_id, lane, seq)
);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON events TO parley_app;

CREATE TABLE subscription_cursors (
  tenant_id uuid NOT NULL,
  subscription text NOT NULL,
  lane int NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (tenant_id, subscription, lane)
) WITH (fillfactor = 50);
ALTER TABLE subscription_cursors ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscription_cursors FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON subscription_cursors TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_reads ON subscription_cursors FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON subscription_cursors TO parley_app;
GRANT SELECT ON subscription_cursors TO parley_system;

-- Work queues. A row is an item that waits; it is deleted in the transaction of its effect. The intake's role may
-- insert for any tenant and do nothing else; the conflict on dedup_key drops what is waiting already.
CREATE TABLE work_items (
  tenant_id uuid NOT NULL,
  queue text NOT NULL,
  lane int NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  dedup_key text NOT NULL,
  kind text NOT NULL,
  payload text NOT NULL,
  correlation_id text NOT NULL,
  traceparent text,
  enqueued_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, queue, dedup_key)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX work_items_order ON work_items (tenant_id, queue, lane, id);
ALTER TABLE work_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON work_items TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY intake_inserts ON work_items FOR INSERT TO parley_intake WITH CHECK (true);
CREATE POLICY system_reads ON work_items FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, DELETE ON work_items TO parley_app;
GRANT INSERT ON work_items TO parley_intake;
GRANT SELECT ON work_items TO parley_system;

CREATE TABLE parked_keys (
  tenant_id uuid NOT NULL,
  queue text NOT NULL,
  key text NOT NULL,
  until timestamptz NOT NULL,
  attempts int NOT NULL,
  cause text NOT NULL,
  PRIMARY KEY (tenant_id, queue, key)
);
ALTER TABLE parked_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE parked_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON parked_keys TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_reads ON parked_keys FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON parked_keys TO parley_app;
GRANT SELECT ON parked_keys TO parley_system;

CREATE TABLE dead_letters (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  queue text NOT NULL,
  key text NOT NULL,
  dedup_key text NOT NULL,
  kind text NOT NULL,
  payload text NOT NULL,
  cause text NOT NULL,
  attempts int NOT NULL,
  correlation_id text NOT NULL,
  traceparent text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE dead_letters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON dead_letters TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON dead_letters TO parley_app;

-- Answers of POSTs that came with an Idempotency-Key. The operator's, who belongs to no tenant, carry the nil UUID.
CREATE TABLE idempotent_requests (
  tenant_id uuid NOT NULL,
  caller_id uuid NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  status int,
  location text,
  body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, caller_id, key)
);
ALTER TABLE idempotent_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotent_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotent_requests TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotent_requests TO parley_app;

-- db-scheduler's table, as its documentation gives it. No tenant's data: a tenant's timer names the tenant in its id.
CREATE TABLE scheduled_tasks (
  task_name text NOT NULL,
  task_instance text NOT NULL,
  task_data bytea,
  execution_time timestamptz NOT NULL,
  picked boolean NOT NULL,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint NOT NULL,
  priority smallint,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduled_tasks TO parley_system;
