import {
  IconAdjustments,
  IconAlertTriangle,
  IconArrowsExchange,
  IconBrandWhatsapp,
  IconBuilding,
  IconForms,
  IconHeadset,
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconMailForward,
  IconMessageBolt,
  IconShieldLock,
  IconTags,
  IconTemplate,
  IconTimeline,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { Section } from "./sections";

const ICONS: Record<Section["path"], typeof IconKey> = {
  channels: IconBrandWhatsapp,
  genesys: IconHeadset,
  users: IconUsers,
  invitations: IconMailForward,
  roles: IconShieldLock,
  "api-keys": IconKey,
  settings: IconAdjustments,
  teams: IconUsersGroup,
  tags: IconTags,
  "canned-replies": IconMessageBolt,
  "contact-fields": IconForms,
  templates: IconTemplate,
  "api-log": IconArrowsExchange,
  health: IconHeartbeat,
  "dead-letters": IconAlertTriangle,
  events: IconTimeline,
  audit: IconHistory,
  tenants: IconBuilding,
};

/** The picture of a page in the menu. */
export function SectionIcon({ path, size = 18 }: { path: Section["path"]; size?: number }) {
  const Icon = ICONS[path];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}
