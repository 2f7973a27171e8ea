-- retention: a tenant may have its audit deleted after a time. Only the system's role may, only for a tenant that has
-- set it, and nothing younger than what it has set or than 90 days.
CREATE POLICY system_sees_old ON audit FOR SELECT TO parley_system
  USING (EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = audit.tenant_id
    AND audit.time < now() - greatest(90, (t.settings -> 'retention' ->> 'auditDays')::int) * interval '1 day'
    AND t.settings -> 'retention' ->> 'auditDays' IS NOT NULL));
CREATE POLICY system_deletes_old ON audit FOR DELETE TO parley_system
  USING (EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = audit.tenant_id
    AND audit.time < now() - greatest(90, (t.settings -> 'retention' ->> 'auditDays')::int) * interval '1 day'
    AND t.settings -> 'retention' ->> 'auditDays' IS NOT NULL));
GRANT SELECT (time) ON audit TO parley_system;
