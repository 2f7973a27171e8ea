import { Button, ColorInput, TextInput } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { FormModal, Sure, useAct, useOpen } from "./Form";
import { Frame, List } from "./List";

type Tag = components["schemas"]["Tag"];
const LISTS = ["tags-admin", "tags", "conversations"];
const COLORS = [
  "#e03131",
  "#d9480f",
  "#f08c00",
  "#2f9e44",
  "#0c8599",
  "#1971c2",
  "#6741d9",
  "#c2255c",
  "#868e96",
];

/** The words that conversations can be given. */
export default function Tags() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<Tag>();
  const close = () => setOpen(null);
  return (
    <Frame
      title={t("sections.tags")}
      hint={t("admin.tags.hint")}
      actions={
        <Button leftSection={<IconTag size={16} />} onClick={() => setOpen({ act: "edit" })}>
          {t("admin.tags.new")}
        </Button>
      }
    >
      <List<Tag>
        queryKey={["tags-admin"]}
        load={(after) => body(api.GET("/api/v1/tags", { params: { query: { limit: 50, after } } }))}
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "edit", of: one })}
        empty={t("admin.tags.empty")}
        columns={[
          { name: t("tenant.name"), cell: (one) => one.name },
          {
            name: t("tag.color"),
            cell: (one) => (
              <span
                style={{
                  display: "inline-block",
                  width: 14,
                  height: 14,
                  borderRadius: 7,
                  background: one.color,
                }}
                role="img"
                aria-label={one.color}
              />
            ),
          },
          { name: t("tag.conversations"), cell: (one) => one.conversations },
        ]}
      />
      {open?.act === "edit" && (
        <TagForm
          tag={open.of}
          onClose={close}
          onDelete={() => setOpen({ ...open, act: "delete" })}
        />
      )}
      {open?.act === "delete" && open.of && <Deleting tag={open.of} onClose={close} />}
    </Frame>
  );
}

function TagForm({
  tag,
  onClose,
  onDelete,
}: {
  tag?: Tag | undefined;
  onClose: () => void;
  onDelete: () => void;
}) {
  const { t } = useTranslation();
  const [color, setColor] = useState(tag?.color ?? COLORS[5]!);
  const save = useAct(
    async (input: components["schemas"]["TagInput"]) =>
      tag
        ? body(api.PATCH("/api/v1/tags/{id}", { params: { path: { id: tag.id } }, body: input }))
        : body(api.POST("/api/v1/tags", { body: input })),
    LISTS,
    onClose,
  );
  return (
    <FormModal
      title={tag?.name ?? t("admin.tags.new")}
      submit={t("form.save")}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(form) =>
        save.mutate({ name: String(form.get("name")).trim(), color: color.toLowerCase() })
      }
    >
      <TextInput
        name="name"
        label={t("tenant.name")}
        defaultValue={tag?.name ?? ""}
        required
        maxLength={60}
        data-autofocus
      />
      <ColorInput
        label={t("tag.color")}
        format="hex"
        value={color}
        onChange={setColor}
        swatches={COLORS}
        required
      />
      {tag && (
        <Button variant="light" color="red" onClick={onDelete} style={{ alignSelf: "flex-start" }}>
          {t("form.delete")}
        </Button>
      )}
    </FormModal>
  );
}

function Deleting({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useAct(
    () => api.DELETE("/api/v1/tags/{id}", { params: { path: { id: tag.id } } }),
    LISTS,
    onClose,
  );
  return (
    <Sure
      text={t("tag.deleteSure", { name: tag.name })}
      act={t("form.delete")}
      busy={remove.isPending}
      error={remove.error}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
