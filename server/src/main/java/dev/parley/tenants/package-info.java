/// Tenants, the organisations that share an installation, and their projects. Tables: `tenants`, `projects`.
///
/// Invariants: a slug names one tenant for ever and is never changed; each tenant has a default project from its first
/// moment on, which cannot be deleted; a suspended tenant keeps its rows and is let in nowhere; a tenant that is being
/// deleted never comes back.
///
/// Settings that the program reads: `registration` ([Registration]) and `locale`, the language of mails to those who
/// have chosen none. Others are kept for clients as they are.
///
/// Events: `tenant.created`, `tenant.changed`, `tenant.suspended`, `tenant.resumed`, `tenant.deleted`,
/// `project.created`, `project.changed`, `project.deleted`.
@NullMarked
package dev.parley.tenants;

import org.jspecify.annotations.NullMarked;
