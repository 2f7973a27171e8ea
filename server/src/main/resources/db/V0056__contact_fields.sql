-- What a tenant wants to know of its contacts beside their names.

CREATE TABLE contact_fields (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('text', 'number', 'date', 'boolean', 'choice')),
  choices text[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT contact_fields_key UNIQUE (tenant_id, key)
);
ALTER TABLE contact_fields ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_fields FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact_fields TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_fields TO parley_app;

-- A field's id and the contact's value of it. A field that is deleted leaves values that nobody sees: its id never
-- comes again.
ALTER TABLE contacts ADD COLUMN fields jsonb NOT NULL DEFAULT '{}';
