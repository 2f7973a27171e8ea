import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAttendance } from "./attendance";
import classes from "./Inbox.module.css";
import { colleagues } from "./people";

/** Says who else is in the conversation, so that two do not answer the same customer. */
export function Collision({ conversationId }: { conversationId: string }) {
  const { t, i18n } = useTranslation();
  const present = useAttendance(conversationId);
  const names = useQuery({ ...colleagues, enabled: present.length > 0 }).data;
  if (present.length === 0) {
    return null;
  }
  const nameOf = (id: string) => names?.get(id)?.name ?? t("conversation.colleague");
  const writing = present.filter((one) => one.doing === "typing");
  const those = writing.length > 0 ? writing : present;
  const list = new Intl.ListFormat(i18n.language).format(those.map((one) => nameOf(one.userId)));
  return (
    <Text size="xs" className={classes.collision} role="status">
      {t(writing.length > 0 ? "conversation.alsoWriting" : "conversation.alsoHere", {
        names: list,
      })}
    </Text>
  );
}
