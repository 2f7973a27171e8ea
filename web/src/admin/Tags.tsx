import { Button, ColorInput, TextInput } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Editor, entered, useOpen } from "./Form";
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
      {open && <TagForm tag={open.of} onClose={() => setOpen(null)} />}
    </Frame>
  );
}

function TagForm({
  tag,
  onClose,
}: {
  tag?: Tag | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [color, setColor] = useState(tag?.color ?? COLORS[5]!);
  const path = { params: { path: { id: tag?.id ?? "" } } };
  return (
    <Editor
      title={tag?.name ?? t("admin.tags.new")}
      lists={LISTS}
      save={(form) => {
        const input = { name: entered(form, "name"), color: color.toLowerCase() };
        return tag
          ? api.PATCH("/api/v1/tags/{id}", { ...path, body: input })
          : api.POST("/api/v1/tags", { body: input });
      }}
      remove={tag && (() => api.DELETE("/api/v1/tags/{id}", path))}
      sure={t("tag.deleteSure", { name: tag?.name })}
      onClose={onClose}
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
    </Editor>
  );
}
