-- channels: connected accounts and what their providers say about them.

CREATE TABLE channels (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'active',
  settings jsonb NOT NULL,
  -- AES-256-GCM with a key id, bound to this row; see FieldCipher.
  credentials text NOT NULL,
  last_error text,
  last_error_at timestamptz,
  last_inbound_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
-- A webhook's address names the channel alone; the tenant is found by it.
CREATE INDEX channels_by_id ON channels (id);
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE channels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_reads ON channels FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON channels TO parley_app;
GRANT SELECT ON channels TO parley_system;

-- Templates, account, quality, preferences and whatever else a provider tells that is no message: kept as it came.
CREATE TABLE channel_notices (
  tenant_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  dedup_key text NOT NULL,
  id uuid NOT NULL,
  field text NOT NULL,
  data jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id, dedup_key)
);
CREATE INDEX channel_notices_recent ON channel_notices (tenant_id, channel_id, id DESC);
ALTER TABLE channel_notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_notices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_notices TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON channel_notices TO parley_app;
