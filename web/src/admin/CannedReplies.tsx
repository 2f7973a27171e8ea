import { Button, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMessageBolt } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { FormModal, Sure, useAct, useOpen, When } from "./Form";
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
  const close = () => setOpen(null);
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
      {open?.act === "edit" && (
        <ReplyForm
          reply={open.of}
          onClose={close}
          onDelete={() => setOpen({ ...open, act: "delete" })}
        />
      )}
      {open?.act === "delete" && open.of && <Deleting reply={open.of} onClose={close} />}
    </Frame>
  );
}

function ReplyForm({
  reply,
  onClose,
  onDelete,
}: {
  reply?: Reply | undefined;
  onClose: () => void;
  onDelete: () => void;
}) {
  const { t } = useTranslation();
  const save = useAct(
    async (input: components["schemas"]["CannedReplyInput"]) =>
      reply
        ? body(
            api.PATCH("/api/v1/canned-replies/{id}", {
              params: { path: { id: reply.id } },
              body: input,
            }),
          )
        : body(api.POST("/api/v1/canned-replies", { body: input })),
    LISTS,
    onClose,
  );
  return (
    <FormModal
      title={reply ? `/${reply.shortcut}` : t("admin.canned-replies.new")}
      submit={t("form.save")}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(form) =>
        save.mutate({
          shortcut: String(form.get("shortcut")).trim().replace(/^\//, ""),
          text: String(form.get("text")).trim(),
        })
      }
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
      {reply && (
        <Button variant="light" color="red" onClick={onDelete} style={{ alignSelf: "flex-start" }}>
          {t("form.delete")}
        </Button>
      )}
    </FormModal>
  );
}

function Deleting({ reply, onClose }: { reply: Reply; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useAct(
    () => api.DELETE("/api/v1/canned-replies/{id}", { params: { path: { id: reply.id } } }),
    LISTS,
    onClose,
  );
  return (
    <Sure
      text={t("canned.deleteSure", { name: reply.shortcut })}
      act={t("form.delete")}
      busy={remove.isPending}
      error={remove.error}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
