-- tenants: the organisations, and their projects.

-- The organisation itself. Its slug is unique over all tenants, so on Citus this is a reference table; the policy
-- holds there as well. The system reads it to find a tenant by its slug and to list tenants for the operator.
CREATE TABLE tenants (
  tenant_id uuid PRIMARY KEY,
  slug text NOT NULL CONSTRAINT tenants_slug UNIQUE,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'suspended', 'deleting')),
  settings jsonb NOT NULL DEFAULT '{}',
  default_project_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_reads ON tenants FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants TO parley_app;
GRANT SELECT ON tenants TO parley_system;

CREATE TABLE projects (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT projects_name UNIQUE (tenant_id, name)
);
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON projects TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON projects TO parley_app;

-- Who did what. Append-only: no role may change a row, and rows go only with the whole tenant, once it is being
-- deleted. The operator's own acts, which belong to no tenant, carry the nil UUID.
CREATE TABLE audit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  time timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  target_type text NOT NULL,
  target_id text,
  detail jsonb NOT NULL,
  ip text,
  correlation_id text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_actor ON audit (tenant_id, actor_id, id);
CREATE INDEX audit_action ON audit (tenant_id, action, id);
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_sees_leaving ON audit FOR SELECT TO parley_system
  USING (EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = audit.tenant_id AND t.state = 'deleting'));
CREATE POLICY system_deletes_leaving ON audit FOR DELETE TO parley_system
  USING (EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = audit.tenant_id AND t.state = 'deleting'));
GRANT SELECT, INSERT ON audit TO parley_app;
GRANT SELECT (tenant_id, id), DELETE ON audit TO parley_system;
