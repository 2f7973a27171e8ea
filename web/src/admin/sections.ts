import { session } from "../api/session";

/** The pages of the administration, each with the permission that it needs. */
export const SECTIONS = [
  { path: "tenants", needs: "tenants:manage", group: "installation" },
  { path: "channels", needs: "channels:read", group: "setup" },
  { path: "genesys", needs: "channels:read", group: "setup" },
  { path: "users", needs: "users:manage", group: "setup" },
  { path: "invitations", needs: "users:manage", group: "setup" },
  { path: "roles", needs: "users:manage", group: "setup" },
  { path: "api-keys", needs: "api-keys:manage", group: "setup" },
  { path: "settings", needs: "settings:manage", group: "setup" },
  { path: "teams", needs: "inbox:manage", group: "answers" },
  { path: "tags", needs: "inbox:manage", group: "answers" },
  { path: "canned-replies", needs: "inbox:manage", group: "answers" },
  { path: "contact-fields", needs: "inbox:manage", group: "answers" },
  { path: "templates", needs: "templates:manage", group: "answers" },
  { path: "health", needs: "health:read", group: "watch" },
  { path: "dead-letters", needs: "dead-letters:manage", group: "watch" },
  { path: "events", needs: "events:read", group: "watch" },
  { path: "api-log", needs: "api-log:read", group: "watch" },
  { path: "audit", needs: "audit:read", group: "watch" },
] as const;

export type Section = (typeof SECTIONS)[number];

/** Those that whoever is signed in may see; agents and readers have none but what they may change. */
export function adminSections(): Section[] {
  const found = SECTIONS.filter((section) => session.may(section.needs));
  // Everybody sees in the inbox by what customers come and who answers; pages of these alone are no administration.
  return found.every((section) => section.needs === "channels:read") ? [] : found;
}
