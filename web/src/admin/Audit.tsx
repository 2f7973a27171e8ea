import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Details, Facts, Raw, useOpen, When } from "./Form";
import { CsvButton, Frame, List, type ListPage } from "./List";

type Entry = components["schemas"]["AuditEntry"];

/** Who has changed what. */
export default function Audit() {
  const { t } = useTranslation();
  const [action, setAction] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [open, setOpen] = useOpen<Entry>();
  const [wanted] = useDebouncedValue(action.trim(), 300);
  const query = {
    ...(wanted ? { action: wanted } : {}),
    ...(from ? { from: new Date(from).toISOString() } : {}),
    ...(to ? { to: new Date(to).toISOString() } : {}),
  };
  return (
    <Frame
      title={t("sections.audit")}
      hint={t("admin.audit.hint")}
      actions={<CsvButton path={`/api/v1/audit?${new URLSearchParams(query)}`} name="audit" />}
      tools={
        <>
          <TextInput
            label={t("audit.action")}
            placeholder="user.created"
            value={action}
            maxLength={64}
            onChange={(event) => setAction(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("list.from")}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("list.to")}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </>
      }
    >
      <List<Entry>
        queryKey={["audit", query]}
        load={(after) =>
          body(
            api.GET("/api/v1/audit", { params: { query: { limit: 50, after, ...query } } }),
          ) as Promise<ListPage<Entry>>
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.audit.empty")}
        filtered={Object.keys(query).length > 0}
        columns={[
          { name: t("audit.action"), cell: (one) => one.action },
          { name: t("audit.actor"), cell: (one) => one.actorName },
          { name: t("audit.target"), cell: (one) => one.targetType },
          { name: t("audit.ip"), cell: (one) => one.ip },
          { name: t("audit.time"), cell: (one) => <When at={one.time} /> },
        ]}
      />
      {open?.of && (
        <Details title={open.of.action} onClose={() => setOpen(null)}>
          <Facts
            of={[
              [t("audit.time"), <When key="t" at={open.of.time} />],
              [t("audit.actor"), `${open.of.actorName} (${t(`audit.kinds.${open.of.actorKind}`)})`],
              [t("audit.target"), `${open.of.targetType} ${open.of.targetId ?? ""}`],
              [t("audit.ip"), open.of.ip],
              [t("event.correlation"), open.of.correlationId],
            ]}
          />
          <Raw value={open.of.detail} />
        </Details>
      )}
    </Frame>
  );
}
