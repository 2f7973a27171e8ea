import { Button, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMessageBolt } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Editor, entered, useOpen, When } from "./Form";
import { Frame, List } from "./List";

type Reply = components["schemas"]["CannedReply"];
const LISTS = ["canned-replies", "canned"];
const VARIABLES = [
  "contact.name",
  "contact.firstName",
  "contact.phone",
  "agent.name",
  "channel.name",
];

/** Answers that agents use again and again. */
export default function CannedReplies() {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [q] = useDebouncedValue(words.trim(), 300);
  const [open, setOpen] = useOpen<Reply>();
  return (
    <Frame
      title={t("sections.canned-replies")}
      hint={t("admin.canned-replies.hint")}
      actions={
        <Button
          leftSection={<IconMessageBolt size={16} />}
          onClick={() => setOpen({ act: "edit" })}
        >
          {t("admin.canned-replies.new")}
        </Button>
      }
      tools={
        <TextInput
          label={t("help.search")}
          value={words}
          maxLength={100}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      }
    >
      <List<Reply>
        queryKey={["canned-replies", q]}
        load={(after) =>
          body(
            api.GET("/api/v1/canned-replies", {
              params: { query: { limit: 50, after, ...(q ? { q } : {}) } },
            }),
          )
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "edit", of: one })}
        empty={t("admin.canned-replies.empty")}
        filtered={q !== ""}
        columns={[
          { name: t("canned.shortcut"), cell: (one) => `/${one.shortcut}` },
          { name: t("canned.text"), cell: (one) => one.text },
          { name: t("tenant.since"), cell: (one) => <When at={one.createdAt} /> },
        ]}
      />
      {open && <ReplyForm reply={open.of} onClose={() => setOpen(null)} />}
    </Frame>
  );
}

function ReplyForm({
  reply,
  onClose,
}: {
  reply?: Reply | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const path = { params: { path: { id: reply?.id ?? "" } } };
  return (
    <Editor
      title={reply ? `/${reply.shortcut}` : t("admin.canned-replies.new")}
      lists={LISTS}
      save={(form) => {
        const input = {
          shortcut: entered(form, "shortcut").replace(/^\//, ""),
          text: entered(form, "text"),
        };
        return reply
          ? api.PATCH("/api/v1/canned-replies/{id}", { ...path, body: input })
          : api.POST("/api/v1/canned-replies", { body: input });
      }}
      remove={reply && (() => api.DELETE("/api/v1/canned-replies/{id}", path))}
      sure={t("canned.deleteSure", { name: reply?.shortcut })}
      onClose={onClose}
    >
      <TextInput
        name="shortcut"
        label={t("canned.shortcut")}
        description={t("canned.shortcutHint")}
        defaultValue={reply?.shortcut ?? ""}
        required
        maxLength={40}
        data-autofocus
      />
      <Textarea
        name="text"
        label={t("canned.text")}
        description={t("canned.textHint", {
          names: VARIABLES.map((name) => `{{${name}}}`).join(" "),
        })}
        defaultValue={reply?.text ?? ""}
        required
        autosize
        minRows={4}
        maxRows={12}
        maxLength={4096}
      />
    </Editor>
  );
}
