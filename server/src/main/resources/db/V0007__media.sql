-- media: files, the bytes behind them, and who uses them.

-- One row for each object in the storage, written before the object and deleted after it: an object without a row here
-- is nobody's. Its id is the object's name; ids are never used twice, so deleting an object cannot hit a newer one.
--   storing  somebody writes the object now and touches the row while doing so
--   part     a whole piece of a resumable upload, or an object that a client puts into the storage itself
--   stored   whole; the one object of this content in the tenant
--   doomed   nobody's any more: the object is to be deleted, then the row
CREATE TABLE blobs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('storing', 'part', 'stored', 'doomed')),
  sha256 text,
  size bigint,
  -- none: no scanner was configured; due: to be scanned; clean, infected: the scanner's word.
  scan text NOT NULL DEFAULT 'none' CHECK (scan IN ('none', 'due', 'clean', 'infected')),
  scan_at timestamptz,
  scan_tries int NOT NULL DEFAULT 0,
  threat text,
  missing boolean NOT NULL DEFAULT false,
  touched_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX blobs_content ON blobs (tenant_id, sha256) WHERE state = 'stored';
CREATE INDEX blobs_to_sweep ON blobs (tenant_id, touched_at) WHERE state IN ('storing', 'doomed');
CREATE INDEX blobs_to_scan ON blobs (tenant_id, scan_at) WHERE scan = 'due';
ALTER TABLE blobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE blobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON blobs TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON blobs TO parley_app;

-- What a tenant's stored blobs come to; changed in the transaction that changes them, so that a quota holds.
CREATE TABLE blob_totals (
  tenant_id uuid PRIMARY KEY,
  blobs bigint NOT NULL,
  bytes bigint NOT NULL
);
ALTER TABLE blob_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE blob_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON blob_totals TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON blob_totals TO parley_app;

-- A file as somebody sent it. Several files of the same content share a blob.
CREATE TABLE files (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  blob_id uuid,
  state text NOT NULL
    CHECK (state IN ('uploading', 'scanning', 'ready', 'infected', 'missing', 'failed')),
  kind text NOT NULL,
  type text,
  name text,
  size bigint,
  sha256 text,
  source text NOT NULL,
  reason text,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_by_kind text NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Since when nobody uses it; null while somebody does.
  unused_since timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, blob_id) REFERENCES blobs (tenant_id, id)
);
CREATE INDEX files_of_blob ON files (tenant_id, blob_id) WHERE blob_id IS NOT NULL;
CREATE INDEX files_unused ON files (tenant_id, unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX files_not_ready ON files (tenant_id, state, id) WHERE state <> 'ready';
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON files TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON files TO parley_app;

-- Who uses a file: a message, an avatar. What is used is never swept.
CREATE TABLE file_uses (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  kind text NOT NULL,
  used_by uuid NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, file_id, kind, used_by),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX file_uses_by ON file_uses (tenant_id, kind, used_by);
ALTER TABLE file_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON file_uses TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON file_uses TO parley_app;

-- Other forms of a file: thumbnails, posters, transcoded audio.
CREATE TABLE file_renditions (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  name text NOT NULL,
  blob_id uuid NOT NULL,
  type text NOT NULL,
  size bigint NOT NULL,
  sha256 text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, file_id, name),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, blob_id) REFERENCES blobs (tenant_id, id)
);
CREATE INDEX file_renditions_of_blob ON file_renditions (tenant_id, blob_id);
ALTER TABLE file_renditions ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_renditions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON file_renditions TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON file_renditions TO parley_app;

-- An upload that takes several requests: resumable, or straight into the storage. Its id is the file's.
CREATE TABLE uploads (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form text NOT NULL CHECK (form IN ('resumable', 'presigned')),
  type text,
  size bigint NOT NULL,
  sha256 text,
  most bigint NOT NULL,
  at_offset bigint NOT NULL DEFAULT 0,
  -- The object that a client puts into the storage itself.
  blob_id uuid,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES files (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, blob_id) REFERENCES blobs (tenant_id, id)
);
CREATE INDEX uploads_expired ON uploads (tenant_id, expires_at);
ALTER TABLE uploads ENABLE ROW LEVEL SECURITY;
ALTER TABLE uploads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON uploads TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON uploads TO parley_app;

-- The pieces of a resumable upload in their order; the one without a size is being written, and there is one at most.
CREATE TABLE upload_parts (
  tenant_id uuid NOT NULL,
  upload_id uuid NOT NULL,
  starts_at bigint NOT NULL,
  blob_id uuid NOT NULL,
  size bigint,
  PRIMARY KEY (tenant_id, upload_id, starts_at),
  FOREIGN KEY (tenant_id, upload_id) REFERENCES uploads (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, blob_id) REFERENCES blobs (tenant_id, id)
);
CREATE INDEX upload_parts_of_blob ON upload_parts (tenant_id, blob_id);
ALTER TABLE upload_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE upload_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON upload_parts TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON upload_parts TO parley_app;
