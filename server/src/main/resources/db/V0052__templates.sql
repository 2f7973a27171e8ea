-- channels: the message templates that a provider has for an account, as it last told them.

CREATE TABLE channel_templates (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  provider_id text NOT NULL,
  name text NOT NULL,
  language text NOT NULL,
  category text NOT NULL,
  status text NOT NULL,
  quality text,
  reason text,
  named boolean NOT NULL,
  components jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  -- When it was last told or changed; what was asked for before that does not overwrite it.
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT channel_templates_name UNIQUE (tenant_id, channel_id, name, language)
);
CREATE INDEX channel_templates_provider ON channel_templates (tenant_id, provider_id);
ALTER TABLE channel_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_templates TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON channel_templates TO parley_app;

ALTER TABLE channels ADD COLUMN templates_synced_at timestamptz;
