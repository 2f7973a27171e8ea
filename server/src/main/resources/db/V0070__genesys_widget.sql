-- genesys: the agents' widget in the Genesys desktop, and who has it open.

CREATE TABLE genesys_widgets (
  tenant_id uuid NOT NULL,
  integration_id uuid NOT NULL,
  -- Of the OAuth client by which agents sign in.
  client_id text NOT NULL,
  -- AES-256-GCM with a key id, bound to this row; null for a client without a secret.
  client_secret text,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, integration_id),
  FOREIGN KEY (tenant_id, integration_id) REFERENCES genesys_integrations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE genesys_widgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_widgets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_widgets TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_widgets TO parley_app;

-- One agent of Genesys who may see one conversation for a while.
CREATE TABLE genesys_widget_sessions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  integration_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  -- Genesys' own id of the conversation, and of the agent.
  genesys_id text NOT NULL,
  agent_id text NOT NULL,
  agent_name text NOT NULL,
  -- The agent's own token at Genesys, encrypted as above: by it Genesys is asked whether the agent is still there.
  agent_token text NOT NULL,
  -- Whether the agent has taken the conversation, or it still rings.
  state text NOT NULL CHECK (state IN ('connected', 'alerting')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  -- Since when somebody asks Genesys; null while nobody does.
  asking_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, integration_id) REFERENCES genesys_widgets (tenant_id, integration_id) ON DELETE CASCADE
);
CREATE INDEX genesys_widget_sessions_agent ON genesys_widget_sessions (tenant_id, integration_id, agent_id);
ALTER TABLE genesys_widget_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE genesys_widget_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON genesys_widget_sessions TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON genesys_widget_sessions TO parley_app;
