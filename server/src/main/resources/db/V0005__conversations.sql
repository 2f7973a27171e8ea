-- conversations: conversations, participants, messages and what became of them.

CREATE TABLE conversations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  lane int NOT NULL,
  status text NOT NULL DEFAULT 'open',
  last_seq bigint NOT NULL DEFAULT 0,
  last_message jsonb,
  last_at timestamptz NOT NULL,
  last_inbound_provider_id text,
  unread int NOT NULL DEFAULT 0,
  window_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT conversations_of_contact UNIQUE (tenant_id, channel_id, contact_id)
) WITH (fillfactor = 80);
CREATE INDEX conversations_recent ON conversations (tenant_id, last_at DESC, id DESC);
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversations TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations TO parley_app;

CREATE TABLE participants (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  kind text NOT NULL,
  participant_id uuid NOT NULL,
  role text NOT NULL,
  joined_at timestamptz NOT NULL,
  left_at timestamptz,
  last_seen_seq bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, conversation_id, kind, participant_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE participants ENABLE ROW LEVEL SECURITY;
ALTER TABLE participants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON participants TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON participants TO parley_app;

CREATE TABLE messages (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  direction text NOT NULL,
  sender_kind text NOT NULL,
  sender_id uuid,
  sender_name text,
  content jsonb NOT NULL,
  reply_to uuid,
  reply_to_provider_id text,
  client_key text,
  provider_message_id text,
  provider_time timestamptz,
  state text,
  attempt int NOT NULL DEFAULT 0,
  claimed_at timestamptz,
  failure jsonb,
  pricing jsonb,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz,
  PRIMARY KEY (tenant_id, conversation_id, seq),
  CONSTRAINT messages_id UNIQUE (tenant_id, id)
) WITH (fillfactor = 90);
-- What makes a webhook's effect happen once, forever.
CREATE UNIQUE INDEX messages_provider_id ON messages (tenant_id, channel_id, provider_message_id)
  WHERE provider_message_id IS NOT NULL;
CREATE UNIQUE INDEX messages_client_key ON messages (tenant_id, conversation_id, client_key)
  WHERE client_key IS NOT NULL;
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON messages TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON messages TO parley_app;

CREATE TABLE message_reactions (
  tenant_id uuid NOT NULL,
  message_id uuid NOT NULL,
  kind text NOT NULL,
  actor_id uuid NOT NULL,
  emoji text NOT NULL,
  reacted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, message_id, kind, actor_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE message_reactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_reactions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_reactions TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON message_reactions TO parley_app;

-- What a message said before it was edited or taken back.
CREATE TABLE message_edits (
  tenant_id uuid NOT NULL,
  message_id uuid NOT NULL,
  edited_at timestamptz NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (tenant_id, message_id, edited_at),
  FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE message_edits ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_edits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_edits TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON message_edits TO parley_app;

-- Receipts of messages that are not known yet: the provider's status was quicker than its answer.
CREATE TABLE pending_receipts (
  tenant_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  provider_message_id text NOT NULL,
  state text NOT NULL,
  occurred_at timestamptz NOT NULL,
  failure jsonb,
  pricing jsonb,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id, provider_message_id, state)
);
ALTER TABLE pending_receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_receipts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pending_receipts TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON pending_receipts TO parley_app;
