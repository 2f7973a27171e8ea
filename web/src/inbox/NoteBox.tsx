import { ActionIcon, Group, Text, Textarea, Tooltip } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { api, body, newKey } from "../api/client";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { type Note, putNote } from "./notes";
import { useChoice, useMentionable } from "./suggesting";
import { type Suggestion, Suggestions } from "./Suggestions";

const LONGEST = 10_000;
const draftKey = (id: string) => `parley.note.${id}`;

/** Writes a note for colleagues; `@` mentions one. */
export default function NoteBox({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const input = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey(conversationId)) ?? "");
  const [caret, setCaret] = useState(text.length);
  const [mentioned, setMentioned] = useState(new Map<string, string>());
  const key = useRef(newKey());
  const people = useMentionable(text.slice(0, caret), true);
  const choice = useChoice(people, mention);
  const write = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/conversations/{id}/notes", {
          params: { path: { id: conversationId }, header: { "Idempotency-Key": key.current } },
          body: {
            text: text.trim(),
            mentions: [...mentioned]
              .filter(([, name]) => text.includes(`@${name}`))
              .map(([id]) => id),
          },
        }),
      ),
    onSuccess: (note) => {
      putNote(queries, note as Note);
      key.current = newKey();
      change("");
      setMentioned(new Map());
      input.current?.focus();
    },
  });
  function change(now: string) {
    setText(now);
    sessionStorage.setItem(draftKey(conversationId), now);
  }
  function mention(one: Suggestion) {
    const before = text.slice(0, caret).replace(/@[\p{L}\p{N}._-]*$/u, one.text);
    // At once: what is typed before the next frame would stand on the wrong side of the cursor.
    flushSync(() => {
      change(before + text.slice(caret));
      setCaret(before.length);
      setMentioned(new Map(mentioned).set(one.id, one.name));
    });
    input.current?.setSelectionRange(before.length, before.length);
  }
  function submit() {
    if (text.trim() && !write.isPending) {
      write.mutate();
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (
      !choice.key(event) &&
      event.key === "Enter" &&
      !event.shiftKey &&
      !event.nativeEvent.isComposing
    ) {
      event.preventDefault();
      submit();
    }
  }
  return (
    <>
      {choice.open && <Suggestions id={list} of={people} at={choice.at} onChoose={mention} />}
      {write.isError && (
        <Text size="xs" className={classes.wrong} role="alert">
          {says(write.error, t)}
        </Text>
      )}
      <Textarea
        ref={input}
        autosize
        autoFocus
        minRows={1}
        maxRows={8}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => {
          change(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        placeholder={t("note.write")}
        aria-label={t("note.write")}
        aria-controls={choice.open ? list : undefined}
        aria-activedescendant={choice.open ? `${list}.${choice.at}` : undefined}
      />
      <Group justify="flex-end" mt={6}>
        <Tooltip label={t("note.save")}>
          <ActionIcon
            size="lg"
            color="yellow"
            onClick={submit}
            loading={write.isPending}
            disabled={!text.trim()}
            aria-label={t("note.save")}
          >
            <IconSend size={18} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </>
  );
}
