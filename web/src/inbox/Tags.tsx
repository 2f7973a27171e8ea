import { ActionIcon, Badge, Group, ScrollArea, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Conversation } from "../api/client";
import { session } from "../api/session";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { tags } from "./people";
import { Pick, Picker } from "./Picker";
import { place } from "./queries";

/** The words that the conversation has, and giving it others. */
export function Tags({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [words, setWords] = useState("");
  const all = useQuery({ ...tags, enabled: opened }).data ?? [];
  const change = useMutation({
    mutationFn: ({ id, has }: { id: string; has: boolean }) => {
      const path = { params: { path: { id: conversation.id, tagId: id } } };
      return has
        ? body(api.PUT("/api/v1/conversations/{id}/tags/{tagId}", path))
        : body(api.DELETE("/api/v1/conversations/{id}/tags/{tagId}", path));
    },
    onSuccess: (now) => place(queries, [now as Conversation]),
  });
  const own = new Set(conversation.tags.map((tag) => tag.id));
  const may = session.may("conversations:write");
  const wanted = words.trim().toLowerCase();
  return (
    <div>
      <Group gap={6}>
        {conversation.tags.map((tag) => (
          <Badge
            key={tag.id}
            variant="default"
            tt="none"
            fw={500}
            leftSection={
              <span className={classes.dot} style={{ background: tag.color }} aria-hidden />
            }
            rightSection={
              may && (
                <ActionIcon
                  size={16}
                  variant="transparent"
                  color="gray"
                  onClick={() => change.mutate({ id: tag.id, has: false })}
                  aria-label={t("tags.remove", { name: tag.name })}
                >
                  <IconX size={12} />
                </ActionIcon>
              )
            }
          >
            {tag.name}
          </Badge>
        ))}
        {may && (
          <Picker
            opened={opened}
            onChange={setOpened}
            position="bottom-start"
            target={
              <ActionIcon
                size="sm"
                variant="default"
                onClick={() => setOpened(!opened)}
                aria-label={t("tags.add")}
              >
                <IconPlus size={14} />
              </ActionIcon>
            }
          >
            <TextInput
              size="xs"
              m={4}
              value={words}
              maxLength={100}
              placeholder={t("tags.find")}
              aria-label={t("tags.find")}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            <ScrollArea.Autosize mah={220}>
              {all
                .filter((tag) => !own.has(tag.id) && tag.name.toLowerCase().includes(wanted))
                .map((tag) => (
                  <Pick
                    key={tag.id}
                    icon={
                      <span className={classes.dot} style={{ background: tag.color }} aria-hidden />
                    }
                    onClick={() => {
                      setOpened(false);
                      change.mutate({ id: tag.id, has: true });
                    }}
                  >
                    {tag.name}
                  </Pick>
                ))}
              {all.length === 0 && (
                <Text size="xs" c="dimmed" p="xs">
                  {t("tags.none")}
                </Text>
              )}
            </ScrollArea.Autosize>
          </Picker>
        )}
      </Group>
      {change.isError && (
        <Text size="xs" className={classes.wrong} role="alert">
          {says(change.error, t)}
        </Text>
      )}
    </div>
  );
}
