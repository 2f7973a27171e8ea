-- media: what became of making renditions of a file.

CREATE TABLE renderings (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  -- Runs that were begun and did not end in any way: the process died. A file that does that again is left alone.
  unended int NOT NULL,
  -- Why something is missing that there could be, for people; null while nothing has come of it.
  causes jsonb,
  begun_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, file_id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE renderings ENABLE ROW LEVEL SECURITY;
ALTER TABLE renderings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON renderings TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON renderings TO parley_app;
