import { Button, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Details, Facts, Raw, Sure, Trouble, useAct, useOpen, When } from "./Form";
import { CsvButton, Frame, List, type ListPage } from "./List";

type Letter = components["schemas"]["DeadLetter"];

/** Work that could not be done: why, with what, and what to do about it. */
export default function DeadLetters() {
  const { t } = useTranslation();
  const [queue, setQueue] = useState("");
  const [wanted] = useDebouncedValue(queue.trim(), 300);
  const [open, setOpen] = useOpen<Letter>();
  const close = () => setOpen(null);
  const path = { params: { path: { id: open?.of?.id ?? "" } } };
  const retry = useAct(
    () => api.POST("/api/v1/dead-letters/{id}/retry", path),
    ["dead-letters"],
    close,
  );
  const drop = useAct(() => api.DELETE("/api/v1/dead-letters/{id}", path), ["dead-letters"], close);
  // The server does a bounded number at once and says whether there are more.
  const all = useAct(
    async (again: boolean) => {
      const input = { body: wanted ? { queue: wanted } : { all: true } };
      for (let more = true; more;) {
        const done = await (again
          ? body(api.POST("/api/v1/dead-letters/retry", input))
          : body(api.POST("/api/v1/dead-letters/drop", input)));
        more = done.more && done.done > 0;
      }
    },
    ["dead-letters"],
    close,
  );
  return (
    <Frame
      title={t("sections.dead-letters")}
      hint={t("admin.dead-letters.hint")}
      actions={
        <Group gap="xs">
          <CsvButton
            path={`/api/v1/dead-letters?${new URLSearchParams(wanted ? { queue: wanted } : {})}`}
            name="dead-letters"
          />
          <Button variant="default" onClick={() => setOpen({ act: "retry-all" })}>
            {t("letter.retryAll")}
          </Button>
          <Button variant="light" color="red" onClick={() => setOpen({ act: "drop-all" })}>
            {t("letter.dropAll")}
          </Button>
        </Group>
      }
      tools={
        <TextInput
          label={t("letter.queue")}
          value={queue}
          maxLength={64}
          onChange={(event) => setQueue(event.currentTarget.value)}
        />
      }
    >
      <List<Letter>
        queryKey={["dead-letters", wanted]}
        load={(after) =>
          body(
            api.GET("/api/v1/dead-letters", {
              params: { query: { limit: 50, after, ...(wanted ? { queue: wanted } : {}) } },
            }),
          ) as Promise<ListPage<Letter>>
        }
        idOf={(one) => one.id}
        onOpen={(one) => {
          retry.reset();
          setOpen({ act: "show", of: one });
        }}
        empty={t("admin.dead-letters.empty")}
        filtered={wanted !== ""}
        columns={[
          { name: t("letter.cause"), cell: (one) => one.cause },
          { name: t("letter.queue"), cell: (one) => one.queue },
          { name: t("letter.kind"), cell: (one) => one.kind },
          { name: t("letter.attempts"), cell: (one) => one.attempts },
          { name: t("letter.at"), cell: (one) => <When at={one.createdAt} /> },
        ]}
      />
      {open?.act === "show" && open.of && (
        <Details title={open.of.kind} onClose={close}>
          <Facts
            of={[
              [t("letter.cause"), open.of.cause],
              [t("letter.queue"), open.of.queue],
              [t("letter.key"), open.of.key],
              [t("letter.attempts"), open.of.attempts],
              [t("letter.at"), <When key="a" at={open.of.createdAt} />],
              [t("letter.correlation"), open.of.correlationId],
            ]}
          />
          <Raw value={open.of.payload} />
          <Trouble error={retry.error} />
          <Group>
            <Button loading={retry.isPending} onClick={() => retry.mutate()}>
              {t("letter.retry")}
            </Button>
            <Button variant="light" color="red" onClick={() => setOpen({ ...open, act: "drop" })}>
              {t("letter.drop")}
            </Button>
          </Group>
        </Details>
      )}
      {(open?.act === "retry-all" || open?.act === "drop-all") && (
        <Sure
          text={t(open.act === "retry-all" ? "letter.retryAllSure" : "letter.dropAllSure", {
            queue: wanted || t("list.any"),
          })}
          act={t(open.act === "retry-all" ? "letter.retryAll" : "letter.dropAll")}
          busy={all.isPending}
          error={all.error}
          onYes={() => all.mutate(open.act === "retry-all")}
          onClose={close}
        />
      )}
      {open?.act === "drop" && (
        <Sure
          text={t("letter.dropSure")}
          act={t("letter.drop")}
          busy={drop.isPending}
          error={drop.error}
          onYes={() => drop.mutate()}
          onClose={close}
        />
      )}
    </Frame>
  );
}
