-- calls: requests of the API and calls of providers, for people to look at. Calls of no tenant carry the nil UUID.
-- Rows of several tenants are inserted at once by the role that may do nothing else; ids are in the order of time.
CREATE TABLE api_calls (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  time timestamptz NOT NULL,
  direction text NOT NULL,
  method text NOT NULL,
  route text,
  path text NOT NULL,
  query text,
  status int NOT NULL,
  micros bigint NOT NULL,
  caller_kind text,
  caller_id uuid,
  caller_name text,
  ip text,
  correlation_id text NOT NULL,
  request_bytes bigint NOT NULL,
  response_bytes bigint NOT NULL,
  request_body text,
  response_body text,
  failure text,
  PRIMARY KEY (tenant_id, id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);
CREATE INDEX api_calls_correlation ON api_calls (tenant_id, correlation_id);
ALTER TABLE api_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_calls FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_calls TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY intake_inserts ON api_calls FOR INSERT TO parley_intake WITH CHECK (true);
GRANT SELECT, DELETE ON api_calls TO parley_app;
GRANT INSERT ON api_calls TO parley_intake;
