-- channels: what the last look at each part of a channel's set-up has found.
CREATE TABLE channel_checks (
  tenant_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  detail text NOT NULL,
  mend text NOT NULL,
  since timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id, name)
);
ALTER TABLE channel_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_checks TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON channel_checks TO parley_app;
