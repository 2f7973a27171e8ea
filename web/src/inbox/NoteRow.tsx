import { ActionIcon, Box, Group, Text } from "@mantine/core";
import { IconNote, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { session } from "../api/session";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { dropNote, type Note } from "./notes";
import { colleagues } from "./people";
import { hour, moment } from "./time";
import { WhatsAppText } from "./WhatsAppText";

/** What a colleague wrote for the others; it looks like nothing that the customer sees. */
export function NoteRow({ note }: { note: Note }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const names = useQuery(colleagues).data;
  const author = (note.author.id && names?.get(note.author.id)?.name) || note.author.name;
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/conversations/{id}/notes/{noteId}", {
        params: { path: { id: note.conversationId, noteId: note.id } },
      }),
    onSuccess: () => dropNote(queries, note.conversationId, note.id),
  });
  return (
    <article
      className={classes.row}
      data-direction="outbound"
      data-note={note.id}
      aria-label={t("note.by", {
        name: author ?? "",
        at: moment(note.createdAt, i18n.language),
      })}
    >
      <Box className={classes.note}>
        <Group gap={6} wrap="nowrap">
          <IconNote size={14} aria-hidden />
          <Text size="xs" fw={600} flex={1}>
            {author}
          </Text>
          {note.author.id === session.me()?.id && (
            <ActionIcon
              size="xs"
              variant="transparent"
              color="gray"
              loading={remove.isPending}
              onClick={() => remove.mutate()}
              aria-label={t("note.delete")}
            >
              <IconTrash size={13} />
            </ActionIcon>
          )}
        </Group>
        <Text
          size="sm"
          component="div"
          style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
        >
          <WhatsAppText text={note.text} />
        </Text>
        <Text size="xs" ta="end" c="dimmed">
          {note.editedAt && `${t("message.edited")} · `}
          {hour(note.createdAt, i18n.language)}
        </Text>
        {remove.isError && (
          <Text size="xs" className={classes.wrong} role="alert">
            {says(remove.error, t)}
          </Text>
        )}
      </Box>
    </article>
  );
}
