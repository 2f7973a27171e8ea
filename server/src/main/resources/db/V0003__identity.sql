-- identity: users, operators, API keys, sign-ins, lock-out, signing keys.

CREATE TABLE users (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'manager', 'agent', 'read-only')),
  password_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'disabled')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  last_sign_in_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT users_email UNIQUE (tenant_id, email)
);
CREATE INDEX users_by_email ON users (email);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
-- To find the tenant of somebody who signs in without naming one.
CREATE POLICY system_finds ON users FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO parley_app;
GRANT SELECT (tenant_id, email) ON users TO parley_system;

-- Those who run the installation. They belong to no tenant.
CREATE TABLE operators (
  id uuid PRIMARY KEY,
  email text NOT NULL CONSTRAINT operators_email UNIQUE,
  name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON operators TO parley_system;

-- The secret itself is nowhere: hash is the SHA-256 of the whole key in hexadecimal, prefix the part that is shown in lists.
CREATE TABLE api_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  prefix text NOT NULL,
  hash text NOT NULL,
  scopes text[] NOT NULL,
  project_id uuid,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
);
CREATE INDEX api_keys_prefix ON api_keys (prefix);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_keys TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
-- To find the tenant of a key that a request shows.
CREATE POLICY system_finds ON api_keys FOR SELECT TO parley_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO parley_app;
GRANT SELECT (tenant_id, id, name, prefix, hash, scopes, project_id, expires_at, revoked_at)
  ON api_keys TO parley_system;

-- Who is signed in. family_hash stays for the life of the sign-in and proves that a refresh token was once of this
-- row; refresh_hash is that of the one token that is good now. Operators' rows carry the nil UUID.
CREATE TABLE sign_ins (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  family_hash text NOT NULL,
  refresh_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  refreshed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ip text,
  user_agent text,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sign_ins_user ON sign_ins (tenant_id, user_id);
ALTER TABLE sign_ins ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_ins FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_ins TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins TO parley_app;

-- Tries to sign in that have not succeeded, by account and by address. Addresses, and accounts that could not be
-- placed, carry the nil UUID.
CREATE TABLE sign_in_tries (
  tenant_id uuid NOT NULL,
  subject text NOT NULL,
  tries int NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject)
);
ALTER TABLE sign_in_tries ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_tries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_in_tries TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_tries TO parley_app;

-- Keys that sign access tokens. The private half is encrypted under the field keys. A key without retired_at signs.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  public_key text NOT NULL,
  private_key text NOT NULL,
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON signing_keys TO parley_system;
