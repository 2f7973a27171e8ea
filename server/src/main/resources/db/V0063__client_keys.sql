-- What the request said that came with a client key: the same key with another request is refused.
ALTER TABLE messages ADD COLUMN client_print text;
