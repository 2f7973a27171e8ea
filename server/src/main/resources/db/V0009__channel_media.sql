-- channels: which files of ours a provider has, and what it calls them there.

CREATE TABLE channel_media (
  tenant_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  file_id uuid NOT NULL,
  -- As what it was uploaded, such as 'image': it may have been converted to that.
  form text NOT NULL,
  -- What the provider knows the channel by; another account does not see the file.
  account text NOT NULL,
  media_id text NOT NULL,
  uploaded_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id, file_id, form),
  FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX channel_media_by_media_id ON channel_media (tenant_id, channel_id, media_id);
CREATE INDEX channel_media_expired ON channel_media (tenant_id, expires_at);
ALTER TABLE channel_media ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_media FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_media TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON channel_media TO parley_app;
