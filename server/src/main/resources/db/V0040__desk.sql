-- The desk: how a customer's conversation stands, who works on it, teams and tags.

ALTER TABLE conversations
  ADD COLUMN snoozed_until timestamptz,
  -- 0 none, 1 low, 2 medium, 3 high, 4 urgent
  ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 4),
  ADD COLUMN assignee_id uuid,
  ADD COLUMN team_id uuid,
  -- Since when the customer has no answer.
  ADD COLUMN waiting_since timestamptz,
  ADD CONSTRAINT conversations_status CHECK (status IN ('open', 'pending', 'snoozed', 'resolved')),
  ADD CONSTRAINT conversations_snoozed CHECK ((status = 'snoozed') = (snoozed_until IS NOT NULL));
-- A page of the list is read in the order of one of these, whatever it is narrowed to. Those that hold few rows are
-- partial, so that a message in most conversations writes into two of them.
CREATE INDEX conversations_status_recent ON conversations (tenant_id, status, last_at DESC, id DESC)
  WHERE kind = 'customer';
CREATE INDEX conversations_unassigned ON conversations (tenant_id, status, last_at DESC, id DESC)
  WHERE kind = 'customer' AND assignee_id IS NULL;
CREATE INDEX conversations_assignee ON conversations (tenant_id, assignee_id, last_at DESC, id DESC)
  WHERE kind = 'customer' AND assignee_id IS NOT NULL;
CREATE INDEX conversations_team ON conversations (tenant_id, team_id, last_at DESC, id DESC)
  WHERE kind = 'customer' AND team_id IS NOT NULL;
CREATE INDEX conversations_unread ON conversations (tenant_id, last_at DESC, id DESC)
  WHERE kind = 'customer' AND unread > 0;
CREATE INDEX conversations_waiting ON conversations (tenant_id, waiting_since, id)
  WHERE kind = 'customer' AND waiting_since IS NOT NULL;
CREATE INDEX conversations_priority ON conversations (tenant_id, priority DESC, last_at DESC, id DESC)
  WHERE kind = 'customer' AND priority > 0;
CREATE INDEX conversations_of_person ON conversations (tenant_id, contact_id) WHERE kind = 'customer';

-- What was done with a conversation at the desk. was and became hold what the kind is about.
CREATE TABLE conversation_changes (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('status', 'priority', 'assignment')),
  was jsonb NOT NULL,
  became jsonb NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  actor_name text,
  cause text,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE conversation_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversation_changes TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON conversation_changes TO parley_app;

CREATE TABLE teams (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  -- The name without case: one team of a name.
  name_key text NOT NULL,
  description text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT teams_name UNIQUE (tenant_id, name_key)
);
ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
ALTER TABLE teams FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON teams TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON teams TO parley_app;

CREATE TABLE team_members (
  tenant_id uuid NOT NULL,
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, team_id, user_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX team_members_user ON team_members (tenant_id, user_id);
ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE team_members FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON team_members TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
-- UPDATE is what locking a row asks for.
GRANT SELECT, INSERT, UPDATE, DELETE ON team_members TO parley_app;

CREATE TABLE tags (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  color text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT tags_name UNIQUE (tenant_id, name_key)
);
ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE tags FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON tags TO parley_app;

CREATE TABLE conversation_tags (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  tag_id uuid NOT NULL,
  tagged_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, tag_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, tag_id) REFERENCES tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tenant_id, tag_id, conversation_id);
ALTER TABLE conversation_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_tags FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversation_tags TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON conversation_tags TO parley_app;
