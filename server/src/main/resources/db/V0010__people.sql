-- identity: registration, invitations, what is sent by mail to prove an address, profiles, devices.

ALTER TABLE users ADD COLUMN verified_at timestamptz;
ALTER TABLE users ADD COLUMN bio text;
ALTER TABLE users ADD COLUMN locale text;
ALTER TABLE users ADD COLUMN time_zone text;

ALTER TABLE sign_ins ADD COLUMN device text;
ALTER TABLE sign_ins ADD COLUMN last_seen_at timestamptz;
ALTER TABLE sign_ins ADD COLUMN last_ip text;

-- Attempts to become a user. Each stands for itself with its own password, until the link in its mail is opened: so
-- nobody can put a password of theirs under an address that somebody else proves.
CREATE TABLE registrations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  locale text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX registrations_email ON registrations (tenant_id, email);
CREATE INDEX registrations_expiry ON registrations (tenant_id, expires_at);
ALTER TABLE registrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE registrations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON registrations TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON registrations TO parley_app;

-- Invitations. One of an address is open at a time.
CREATE TABLE invitations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'manager', 'agent', 'read-only')),
  inviter_kind text NOT NULL,
  inviter_id uuid NOT NULL,
  inviter_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'revoked')),
  user_id uuid,
  created_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, email) WHERE state = 'open';
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO parley_app;

-- What links in mails carry, each good once. The token itself is nowhere: hash is the SHA-256 of its secret in
-- hexadecimal. subject_id is the registration, the user or the invitation; a newer token takes an older one's place.
CREATE TABLE mail_tokens (
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('verification', 'reset', 'invitation')),
  subject_id uuid NOT NULL,
  hash text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, subject_id)
);
CREATE INDEX mail_tokens_expiry ON mail_tokens (tenant_id, expires_at);
ALTER TABLE mail_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mail_tokens TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_tokens TO parley_app;
