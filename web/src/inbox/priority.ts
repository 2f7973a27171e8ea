import {
  IconAntennaBars1,
  IconAntennaBars3,
  IconAntennaBars5,
  IconFlame,
} from "@tabler/icons-react";

/** How urgent a conversation can be, the most first. */
export const PRIORITIES = ["urgent", "high", "medium", "low", "none"] as const;
export const PRIORITY_ICONS = {
  urgent: IconFlame,
  high: IconAntennaBars5,
  medium: IconAntennaBars3,
  low: IconAntennaBars1,
  none: IconAntennaBars1,
};
