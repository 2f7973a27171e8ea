import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import type { Section } from "./sections";

/** The page of each section; each is loaded when it is opened. */
export const PAGES: Record<Section["path"], LazyExoticComponent<ComponentType>> = {
  channels: lazy(() => import("./Channels")),
  genesys: lazy(() => import("./Genesys")),
  users: lazy(() => import("./Users")),
  invitations: lazy(() => import("./Invitations")),
  roles: lazy(() => import("./Roles")),
  "api-keys": lazy(() => import("./ApiKeys")),
  settings: lazy(() => import("./Settings")),
  teams: lazy(() => import("./Teams")),
  tags: lazy(() => import("./Tags")),
  "canned-replies": lazy(() => import("./CannedReplies")),
  "contact-fields": lazy(() => import("./ContactFields")),
  templates: lazy(() => import("./Templates")),
  "api-log": lazy(() => import("./ApiLog")),
  health: lazy(() => import("./Health")),
  "dead-letters": lazy(() => import("./DeadLetters")),
  events: lazy(() => import("./Events")),
  audit: lazy(() => import("./Audit")),
  tenants: lazy(() => import("./Tenants")),
};
