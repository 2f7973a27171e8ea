-- identity: the picture of a user, a file of the tenant.
ALTER TABLE users ADD COLUMN avatar_file_id uuid;
