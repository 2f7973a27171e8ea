-- genesys: connections with Genesys Cloud, and how they stand.

CREATE TABLE genesys_integrations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  -- The domain of the region, such as mypurecloud.ie.
  region text NOT NULL,
  client_id text NOT NULL,
  -- What Genesys Cloud calls the integration; null until there is one.
  genesys_id text,
  create_status text CHECK (create_status IN ('initiated', 'completed', 'error')),
  create_error text,
  settings jsonb NOT NULL,
  -- AES-256-GCM with a key id, bound to this row; see FieldCipher.
  credentials text NOT NULL,
  last_error text,
  last_error_at timestamptz,
  last_webhook_at timestamptz,
  last_unsigned_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
-- A webhook's address names the integration alone; the tenant is found by it.
CREATE INDEX genesys_integrations_by_id ON genesys_integrations (id);
ALTER TABLE genesys_integrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_integrations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_integrations TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_reads ON genesys_integrations FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_integrations TO parley_app;
GRANT SELECT ON genesys_integrations TO parley_system;

-- What the last look at each part of an integration has found.
CREATE TABLE genesys_checks (
  tenant_id uuid NOT NULL,
  integration_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  detail text NOT NULL,
  mend text NOT NULL,
  since timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, integration_id, name),
  FOREIGN KEY (tenant_id, integration_id) REFERENCES genesys_integrations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE genesys_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_checks TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_checks TO parley_app;
