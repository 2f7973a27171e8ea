import i18n from "i18next";
import type { Message } from "../api/client";

/** A line of what a message says. */
export function preview(message: Message): string {
  const { content } = message;
  if ("body" in content) {
    return content.body;
  }
  if ("caption" in content && content.caption) {
    return content.caption;
  }
  if (content.type === "answer" && content.title) {
    return content.title;
  }
  return i18n.t(`content.${content.type}`, { count: 1, kind: "", defaultValue: content.type });
}
