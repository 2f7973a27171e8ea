import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Details, Facts, Raw, State, Trouble, useOpen, When } from "./Form";
import { CsvButton, Frame, List, type ListPage } from "./List";

type Call = components["schemas"]["ApiCall"];

/** What came in and what was called, without secrets. */
export default function ApiLog() {
  const { t } = useTranslation();
  const [direction, setDirection] = useState("");
  const [status, setStatus] = useState("");
  const [path, setPath] = useState("");
  const [correlation, setCorrelation] = useState("");
  const [from, setFrom] = useState("");
  const [typed] = useDebouncedValue({ path: path.trim(), correlation: correlation.trim() }, 300);
  const [open, setOpen] = useOpen<Call>();
  const query = {
    ...(direction ? { direction } : {}),
    ...(status ? { status } : {}),
    ...(typed.path ? { path: typed.path } : {}),
    ...(typed.correlation ? { correlationId: typed.correlation } : {}),
    ...(from ? { from: new Date(from).toISOString() } : {}),
  };
  return (
    <Frame
      title={t("sections.api-log")}
      hint={t("admin.api-log.hint")}
      actions={<CsvButton path={`/api/v1/api-log?${new URLSearchParams(query)}`} name="api-log" />}
      tools={
        <>
          <NativeSelect
            label={t("call.direction")}
            value={direction}
            onChange={(event) => setDirection(event.currentTarget.value)}
            data={["", "in", "out"].map((value) => ({
              value,
              label: value ? t(`call.directions.${value}`) : t("list.any"),
            }))}
          />
          <NativeSelect
            label={t("call.status")}
            value={status}
            onChange={(event) => setStatus(event.currentTarget.value)}
            data={[
              { value: "", label: t("list.any") },
              { value: "errors", label: t("call.errors") },
              ...["2xx", "4xx", "5xx"].map((value) => ({ value, label: value })),
            ]}
          />
          <TextInput
            label={t("call.path")}
            placeholder="/api/v1/contacts"
            value={path}
            maxLength={300}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          <TextInput
            label={t("event.correlation")}
            value={correlation}
            maxLength={64}
            onChange={(event) => setCorrelation(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("list.from")}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        </>
      }
    >
      <List<Call>
        queryKey={["api-log", query]}
        load={(after) =>
          body(
            api.GET("/api/v1/api-log", { params: { query: { limit: 50, after, ...query } } }),
          ) as Promise<ListPage<Call>>
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.api-log.empty")}
        filtered={Object.keys(query).length > 0}
        columns={[
          { name: t("call.request"), cell: (one) => `${one.method} ${one.path}` },
          {
            name: t("call.status"),
            cell: (one) => (
              <State
                of={mood(one.status)}
                name={one.status ? String(one.status) : t("call.noAnswer")}
              />
            ),
          },
          { name: t("call.duration"), cell: (one) => `${one.durationMillis.toFixed(1)} ms` },
          { name: t("audit.actor"), cell: (one) => one.callerName ?? one.ip },
          { name: t("audit.time"), cell: (one) => <When at={one.time} /> },
        ]}
      />
      {open?.of && (
        <One
          call={open.of}
          onClose={() => setOpen(null)}
          onAll={(id) => {
            setCorrelation(id);
            setOpen(null);
          }}
        />
      )}
    </Frame>
  );
}

function mood(status: number): string {
  return status >= 500 || status === 0 ? "down" : status >= 400 ? "suspended" : "ok";
}

function One({
  call,
  onClose,
  onAll,
}: {
  call: Call;
  onClose: () => void;
  onAll: (correlation: string) => void;
}) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["api-call", call.id],
    queryFn: () => body(api.GET("/api/v1/api-log/{id}", { params: { path: { id: call.id } } })),
  });
  const whole = query.data ?? call;
  return (
    <Details title={`${call.method} ${call.path}`} onClose={onClose}>
      <Trouble error={query.error} />
      <Facts
        of={[
          [t("call.status"), whole.status || t("call.noAnswer")],
          [t("call.failure"), whole.failure],
          [t("call.duration"), `${whole.durationMillis.toFixed(1)} ms`],
          [t("call.direction"), t(`call.directions.${whole.direction}`)],
          [t("call.route"), whole.route],
          [t("call.query"), whole.query],
          [t("audit.actor"), whole.callerName],
          [t("audit.ip"), whole.ip],
          [t("audit.time"), <When key="t" at={whole.time} />],
          [
            t("event.correlation"),
            <button key="c" type="button" style={LINK} onClick={() => onAll(whole.correlationId)}>
              {whole.correlationId}
            </button>,
          ],
        ]}
      />
      {whole.requestBody && (
        <>
          <h2 style={HEADING}>{t("call.requestBody")}</h2>
          <Raw value={whole.requestBody} />
        </>
      )}
      {whole.responseBody && (
        <>
          <h2 style={HEADING}>{t("call.responseBody")}</h2>
          <Raw value={whole.responseBody} />
        </>
      )}
    </Details>
  );
}

const HEADING = { fontSize: "0.9rem", margin: 0 };
const LINK = {
  padding: 0,
  border: 0,
  background: "none",
  color: "inherit",
  font: "inherit",
  textAlign: "start" as const,
  textDecoration: "underline",
  cursor: "pointer",
};
