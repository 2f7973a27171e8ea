-- Search over messages and names. Filled by a reader of the event log, so that the transactions of messages know
-- nothing of it.
--
-- Under row-level security PostgreSQL does not use an index for @@ and for trigrams, because these operators are not
-- leak-proof. The functions below therefore run as parley_search, whose policy is true and who may only read; they take
-- the tenant from the transaction's setting, never from an argument, and fail without it. PL/pgSQL, as Citus refuses
-- functions in SQL here; plans are made for each call, because the values decide.

CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE message_search (
  tenant_id uuid NOT NULL,
  message_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  customer boolean NOT NULL,
  sender_id uuid,
  kind text NOT NULL,
  has_file boolean NOT NULL,
  said_at timestamptz NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (tenant_id, message_id)
);
CREATE INDEX message_search_words ON message_search USING gin (tenant_id, words);
ALTER TABLE message_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_search FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_search TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY search_reads ON message_search FOR SELECT TO parley_search USING (true);
CREATE POLICY search_reads ON participants FOR SELECT TO parley_search USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON message_search TO parley_app;
GRANT SELECT ON message_search, participants TO parley_search;

-- name: without case and accents. keys: phone numbers, addresses and the like, with blanks between them.
CREATE TABLE name_search (
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('contact', 'user')),
  id uuid NOT NULL,
  name text NOT NULL,
  keys text NOT NULL,
  PRIMARY KEY (tenant_id, kind, id)
);
CREATE INDEX name_search_name ON name_search USING gin (tenant_id, name gin_trgm_ops);
CREATE INDEX name_search_keys ON name_search USING gin (tenant_id, keys gin_trgm_ops);
ALTER TABLE name_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_search FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON name_search TO parley_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY search_reads ON name_search FOR SELECT TO parley_search USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON name_search TO parley_app;
GRANT SELECT ON name_search TO parley_search;

GRANT USAGE, CREATE ON SCHEMA public TO parley_search;

-- What a user sees: customers' conversations if they may, and those in which they are.
CREATE FUNCTION search_messages(
  p_query text, p_user uuid, p_customers boolean, p_conversation uuid, p_sender uuid, p_kind text, p_file boolean,
  p_from timestamptz, p_to timestamptz, p_before timestamptz, p_before_id uuid, p_limit int)
RETURNS TABLE (message_id uuid, said_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  t uuid := current_setting('app.tenant_id')::uuid;
  q tsquery := p_query::tsquery;
BEGIN
  RETURN QUERY
    SELECT s.message_id, s.said_at FROM message_search s
    WHERE s.tenant_id = t AND s.words @@ q
      AND (p_conversation IS NULL OR s.conversation_id = p_conversation)
      AND (p_sender IS NULL OR s.sender_id = p_sender)
      AND (p_kind IS NULL OR s.kind = p_kind)
      AND (p_file IS NULL OR s.has_file = p_file)
      AND (p_from IS NULL OR s.said_at >= p_from)
      AND (p_to IS NULL OR s.said_at < p_to)
      AND (p_before IS NULL OR (s.said_at, s.message_id) < (p_before, p_before_id))
      AND CASE WHEN s.customer THEN p_customers ELSE EXISTS (
        SELECT 1 FROM participants p
        WHERE p.tenant_id = t AND p.conversation_id = s.conversation_id AND p.kind = 'user'
          AND p.participant_id = p_user AND p.chat AND p.left_at IS NULL) END
    ORDER BY s.said_at DESC, s.message_id DESC LIMIT p_limit;
END $$;
ALTER FUNCTION search_messages OWNER TO parley_search;
REVOKE ALL ON FUNCTION search_messages FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_messages TO parley_app;

CREATE FUNCTION search_names(
  p_kind text, p_name text, p_key text, p_after_score real, p_after_id uuid, p_limit int)
RETURNS TABLE (id uuid, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_custom_plan
SET pg_trgm.word_similarity_threshold = 0.4
AS $$
DECLARE
  t uuid := current_setting('app.tenant_id')::uuid;
BEGIN
  RETURN QUERY
    SELECT f.id, f.score FROM (
      SELECT n.id, CASE WHEN p_key IS NOT NULL AND n.keys LIKE p_key THEN 1::real
        ELSE word_similarity(p_name, n.name) END AS score
      FROM name_search n
      WHERE n.tenant_id = t AND n.kind = p_kind AND (p_name <% n.name OR n.keys LIKE p_key)) f
    WHERE p_after_id IS NULL OR f.score < p_after_score OR (f.score = p_after_score AND f.id > p_after_id)
    ORDER BY f.score DESC, f.id LIMIT p_limit;
END $$;
ALTER FUNCTION search_names OWNER TO parley_search;
REVOKE ALL ON FUNCTION search_names FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_names TO parley_app;

REVOKE CREATE ON SCHEMA public FROM parley_search;
