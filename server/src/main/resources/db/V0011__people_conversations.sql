-- Conversations among a tenant's users: direct, group, channel. They stand in the tables of customers' conversations;
-- what only they have is null or at its default in a customer's row, so the statements of the intake are as they were.

ALTER TABLE conversations
  ALTER COLUMN project_id DROP NOT NULL,
  ALTER COLUMN channel_id DROP NOT NULL,
  ALTER COLUMN contact_id DROP NOT NULL,
  ADD COLUMN kind text NOT NULL DEFAULT 'customer' CHECK (kind IN ('customer', 'direct', 'group', 'channel')),
  ADD COLUMN title text,
  ADD COLUMN description text,
  ADD COLUMN avatar_file_id uuid,
  ADD COLUMN privacy text NOT NULL DEFAULT 'private' CHECK (privacy IN ('public', 'private')),
  ADD COLUMN invite_policy text NOT NULL DEFAULT 'admins' CHECK (invite_policy IN ('admins', 'members')),
  ADD COLUMN created_by uuid,
  ADD COLUMN archived_at timestamptz,
  -- Both users of a direct conversation, the smaller id first.
  ADD COLUMN direct_key text,
  ADD COLUMN participant_count int NOT NULL DEFAULT 0,
  ADD CONSTRAINT conversations_customer
    CHECK (kind <> 'customer' OR (project_id IS NOT NULL AND channel_id IS NOT NULL AND contact_id IS NOT NULL));
CREATE UNIQUE INDEX conversations_direct ON conversations (tenant_id, direct_key) WHERE direct_key IS NOT NULL;
CREATE INDEX conversations_public ON conversations (tenant_id, id)
  WHERE kind <> 'customer' AND privacy = 'public' AND archived_at IS NULL;
-- The inbox lists customers' conversations alone.
DROP INDEX conversations_recent;
CREATE INDEX conversations_recent ON conversations (tenant_id, last_at DESC, id DESC) WHERE kind = 'customer';

-- chat: whether the row is a user's place in a conversation among people. own_after: how many messages of their own
-- that are not deleted stand after last_seen_seq; with it the unread count is exact and needs no counting.
ALTER TABLE participants
  ADD COLUMN chat boolean NOT NULL DEFAULT false,
  ADD COLUMN own_after int NOT NULL DEFAULT 0,
  ADD COLUMN last_seen_at timestamptz,
  ADD COLUMN muted_until timestamptz,
  ADD COLUMN archived_at timestamptz;
CREATE INDEX participants_of_user ON participants (tenant_id, participant_id) WHERE chat AND left_at IS NULL;

ALTER TABLE messages
  ALTER COLUMN channel_id DROP NOT NULL,
  ADD COLUMN thread_of uuid,
  ADD COLUMN mentions jsonb,
  ADD COLUMN metadata jsonb,
  ADD COLUMN deleted_by uuid;
CREATE INDEX messages_thread ON messages (tenant_id, thread_of, seq) WHERE thread_of IS NOT NULL;
CREATE INDEX messages_deleted ON messages (tenant_id, conversation_id, seq) WHERE deleted_by IS NOT NULL;

-- Who is mentioned by which message. The nil UUID stands for everybody in the conversation.
CREATE TABLE message_mentions (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  seq bigint NOT NULL,
  sender_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, user_id, seq),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE message_mentions ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_mentions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_mentions TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON message_mentions TO parley_app;

-- How many answers a message has that began a thread; deleted ones do not count.
CREATE TABLE message_threads (
  tenant_id uuid NOT NULL,
  root_id uuid NOT NULL,
  replies int NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, root_id),
  FOREIGN KEY (tenant_id, root_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE message_threads ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_threads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_threads TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON message_threads TO parley_app;

-- Users' reactions: each emoji once for a user and message. Those of customers are in message_reactions, where a
-- person has one at most, as the providers have it.
CREATE TABLE user_reactions (
  tenant_id uuid NOT NULL,
  message_id uuid NOT NULL,
  emoji text NOT NULL,
  user_id uuid NOT NULL,
  reacted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, message_id, emoji, user_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE user_reactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_reactions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_reactions TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_reactions TO parley_app;

CREATE TABLE message_pins (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  pinned_by uuid NOT NULL,
  pinned_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, message_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE message_pins ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_pins FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_pins TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON message_pins TO parley_app;
