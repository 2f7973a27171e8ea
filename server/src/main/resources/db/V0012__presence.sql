-- presence: when a user was last there. Who is there now stands nowhere: it comes from the devices.

CREATE TABLE user_presence (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
) WITH (fillfactor = 80);
ALTER TABLE user_presence ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_presence FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_presence TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_presence TO parley_app;
