-- genesys: which desk answers a conversation, and what went across the bridge to Genesys Cloud and back.

-- Where the conversations of a channel go; a channel without a row: to the inbox.
CREATE TABLE channel_desks (
  tenant_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  desk text NOT NULL CHECK (desk IN ('inbox', 'genesys', 'rule')),
  integration_id uuid,
  rule jsonb,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id),
  CHECK (desk = 'inbox' OR integration_id IS NOT NULL)
);
ALTER TABLE channel_desks ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_desks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_desks TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON channel_desks TO parley_app;

-- Where a conversation is answered, once it is decided.
CREATE TABLE conversation_desks (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  desk text NOT NULL CHECK (desk IN ('inbox', 'genesys')),
  integration_id uuid,
  -- channel, rule or hand
  cause text NOT NULL,
  decided_at timestamptz NOT NULL,
  -- When the customer last wrote; a decision does not outlive a long silence.
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id),
  CHECK (desk = 'inbox' OR integration_id IS NOT NULL)
) WITH (fillfactor = 80);
ALTER TABLE conversation_desks ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_desks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversation_desks TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_desks TO parley_app;

-- By which name an integration knows the customer of a conversation; it never changes, because Genesys threads by it.
CREATE TABLE genesys_customers (
  tenant_id uuid NOT NULL,
  integration_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  customer_id text NOT NULL,
  id_type text NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, integration_id, conversation_id)
) WITH (fillfactor = 80);
CREATE INDEX genesys_customers_by_name ON genesys_customers (tenant_id, integration_id, customer_id);
ALTER TABLE genesys_customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_customers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_customers TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_customers TO parley_app;

-- Conversations of Genesys and of ours: one of ours has several of theirs in the course of time.
CREATE TABLE genesys_conversations (
  tenant_id uuid NOT NULL,
  integration_id uuid NOT NULL,
  genesys_id text NOT NULL,
  conversation_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, integration_id, genesys_id, conversation_id)
) WITH (fillfactor = 80);
CREATE INDEX genesys_conversations_of ON genesys_conversations (tenant_id, conversation_id, last_at DESC);
ALTER TABLE genesys_conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_conversations TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_conversations TO parley_app;

-- What went to Genesys, part by part: what makes each go once.
CREATE TABLE genesys_forwarded (
  tenant_id uuid NOT NULL,
  -- The message, or the event that was told as a text.
  source_id uuid NOT NULL,
  part int NOT NULL,
  integration_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  -- channel.messageId
  external_id text NOT NULL,
  -- refused: when it was posted; rejected: by a receipt that came later.
  state text NOT NULL CHECK (state IN ('claimed', 'posted', 'published', 'refused', 'rejected')),
  -- Whether it stood for a file that was not there yet.
  placeholder boolean NOT NULL DEFAULT false,
  genesys_id text,
  failure text,
  claimed_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, source_id, part)
) WITH (fillfactor = 80);
CREATE INDEX genesys_forwarded_external ON genesys_forwarded (tenant_id, integration_id, external_id);
CREATE INDEX genesys_forwarded_theirs ON genesys_forwarded (tenant_id, integration_id, genesys_id)
  WHERE genesys_id IS NOT NULL;
ALTER TABLE genesys_forwarded ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_forwarded FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_forwarded TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_forwarded TO parley_app;

-- Messages of Genesys that were handled: what makes each have its effect once.
CREATE TABLE genesys_received (
  tenant_id uuid NOT NULL,
  integration_id uuid NOT NULL,
  webhook_id text NOT NULL,
  conversation_id uuid,
  customer_id text NOT NULL,
  id_type text NOT NULL,
  -- The final receipt, once there is one.
  receipt text CHECK (receipt IN ('Delivered', 'Failed')),
  reason text,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, integration_id, webhook_id)
) WITH (fillfactor = 80);
ALTER TABLE genesys_received ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_received FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_received TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_received TO parley_app;

-- What we sent to the customer for a message of Genesys.
CREATE TABLE genesys_answers (
  tenant_id uuid NOT NULL,
  message_id uuid NOT NULL,
  integration_id uuid NOT NULL,
  webhook_id text NOT NULL,
  conversation_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'delivered', 'failed')),
  -- What the customer may choose, by the id that an answer carries, or by number.
  choices jsonb,
  numbered boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, message_id)
) WITH (fillfactor = 80);
CREATE INDEX genesys_answers_of ON genesys_answers (tenant_id, integration_id, webhook_id);
CREATE INDEX genesys_answers_numbered ON genesys_answers (tenant_id, conversation_id, message_id DESC)
  WHERE numbered;
ALTER TABLE genesys_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_answers TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_answers TO parley_app;

-- How many calls an OAuth client has left, shared by all processes.
CREATE TABLE genesys_budgets (
  tenant_id uuid NOT NULL,
  client text NOT NULL,
  tokens double precision NOT NULL,
  refilled_at timestamptz NOT NULL,
  -- Until when Genesys wants to hear nothing.
  blocked_until timestamptz,
  PRIMARY KEY (tenant_id, client)
) WITH (fillfactor = 50);
ALTER TABLE genesys_budgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_budgets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_budgets TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_budgets TO parley_app;
