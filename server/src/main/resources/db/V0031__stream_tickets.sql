-- Tickets that open one socket or stream each; good for seconds.
CREATE TABLE stream_tickets (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  hash text NOT NULL,
  user_id uuid NOT NULL,
  sign_in_id uuid NOT NULL,
  token_expires_at timestamptz NOT NULL,
  good_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
ALTER TABLE stream_tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stream_tickets TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON stream_tickets TO parley_app;
