-- Internal notes. They are no messages: nothing that delivers messages reads this table.

CREATE TABLE conversation_notes (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The number of the conversation's last message when the note was written: its place in the timeline.
  after_seq bigint NOT NULL,
  author_kind text NOT NULL,
  author_id uuid NOT NULL,
  author_name text NOT NULL,
  body text NOT NULL,
  mentions jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  PRIMARY KEY (tenant_id, conversation_id, id),
  CONSTRAINT conversation_notes_id UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE conversation_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversation_notes TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_notes TO parley_app;

-- Answers that agents use again and again.
CREATE TABLE canned_replies (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- In lower case.
  shortcut text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT canned_replies_shortcut UNIQUE (tenant_id, shortcut)
);
ALTER TABLE canned_replies ENABLE ROW LEVEL SECURITY;
ALTER TABLE canned_replies FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON canned_replies TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON canned_replies TO parley_app;

-- Lists of conversations that users come back to.
CREATE TABLE saved_filters (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  query jsonb NOT NULL,
  shared boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT saved_filters_name UNIQUE (tenant_id, user_id, name_key)
);
CREATE INDEX saved_filters_shared ON saved_filters (tenant_id, id) WHERE shared;
ALTER TABLE saved_filters ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_filters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON saved_filters TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_filters TO parley_app;
