import { ActionIcon, Button, NativeSelect, Skeleton, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { channelDesk, type Integration, integrations } from "../inbox/genesys";
import { tags } from "../inbox/people";
import classes from "./Admin.module.css";
import { FormModal, useAct } from "./Form";

type Desk = components["schemas"]["ChannelDesk"];
type Opening = components["schemas"]["DeskOpening"];
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const WEEK: Opening[] = DAYS.slice(0, 5).map((day) => ({ day, from: "09:00", to: "18:00" }));

/** Where a channel's conversations are answered: here, in Genesys Cloud, or by a rule. */
export function ChannelDesk({ channelId, onClose }: { channelId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const desk = useQuery(channelDesk(channelId));
  const known = useQuery(integrations);
  if (desk.data && known.data) {
    return (
      <Choice channelId={channelId} was={desk.data} known={known.data} onClose={onClose} />
    );
  }
  return (
    <FormModal
      title={t("channelDesk.title")}
      submit={t("form.save")}
      busy={desk.isPending || known.isPending}
      error={desk.error ?? known.error}
      onSubmit={() => undefined}
      onClose={onClose}
    >
      <Skeleton height={120} aria-busy={desk.isPending} />
    </FormModal>
  );
}

function Choice({
  channelId,
  was,
  known,
  onClose,
}: {
  channelId: string;
  was: Desk;
  known: Integration[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [desk, setDesk] = useState<Desk["desk"]>(was.desk);
  const [zone, setZone] = useState(
    was.rule?.hours?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const [openings, setOpenings] = useState<Opening[]>(
    was.rule ? (was.rule.hours?.openings ?? []) : WEEK,
  );
  const words = useQuery({ ...tags, enabled: desk === "rule" }).data ?? [];
  const save = useAct(
    (input: components["schemas"]["ChannelDeskInput"]) =>
      body(
        api.PUT("/api/v1/channels/{channel}/desk", {
          params: { path: { channel: channelId } },
          body: input,
        }),
      ),
    ["channel-desk"],
    onClose,
  );
  const change = (at: number, part: Partial<Opening>) =>
    setOpenings(openings.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <FormModal
      title={t("channelDesk.title")}
      submit={t("form.save")}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(form) => {
        const tagId = String(form.get("tag") ?? "");
        save.mutate({
          desk,
          ...(desk === "inbox" ? {} : { integrationId: String(form.get("integration") ?? "") }),
          ...(desk === "rule"
            ? {
                rule: {
                  ...was.rule,
                  hours: openings.length > 0 ? { timezone: zone, openings } : undefined,
                  tagId: tagId || undefined,
                },
              }
            : {}),
        });
      }}
    >
      <NativeSelect
        label={t("channelDesk.desk")}
        description={t(known.length > 0 ? "channelDesk.deskHint" : "channelDesk.noDesk")}
        value={desk}
        disabled={known.length === 0}
        onChange={(event) => setDesk(event.currentTarget.value as Desk["desk"])}
        data={["inbox", "genesys", "rule"].map((value) => ({
          value,
          label: t(`channelDesk.desks.${value}`),
        }))}
      />
      {desk !== "inbox" && (
        <NativeSelect
          name="integration"
          label={t("channelDesk.connection")}
          defaultValue={was.integrationId ?? known[0]?.id}
          data={known.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      {desk === "rule" && (
        <>
          <Text size="sm" c="dimmed">
            {t("channelDesk.ruleHint")}
          </Text>
          <NativeSelect
            // Tags come a moment later.
            key={words.length}
            name="tag"
            label={t("channelDesk.tag")}
            defaultValue={was.rule?.tagId ?? ""}
            data={[
              { value: "", label: t("channelDesk.anyTag") },
              ...words.map((tag) => ({ value: tag.id, label: tag.name })),
            ]}
          />
          <fieldset className={classes.hours}>
            <legend>{t("channelDesk.hours")}</legend>
            {openings.map((one, index) => (
              // Two may be the same for a moment.
              <div key={index} className={classes.opening}>
                <NativeSelect
                  aria-label={t("channelDesk.day")}
                  value={one.day}
                  onChange={(event) => change(index, { day: event.currentTarget.value })}
                  data={DAYS.map((day) => ({ value: day, label: t(`channelDesk.days.${day}`) }))}
                />
                <TextInput
                  type="time"
                  aria-label={t("channelDesk.from")}
                  value={one.from ?? ""}
                  required
                  onChange={(event) => change(index, { from: event.currentTarget.value })}
                />
                <TextInput
                  type="time"
                  aria-label={t("channelDesk.to")}
                  // Midnight is the end of the day here.
                  value={one.to === "24:00" ? "00:00" : (one.to ?? "")}
                  required
                  onChange={({ currentTarget: { value } }) =>
                    change(index, { to: value === "00:00" ? "24:00" : value })
                  }
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  onClick={() => setOpenings(openings.filter((_, other) => other !== index))}
                  aria-label={t("channelDesk.remove")}
                >
                  <IconX size={16} />
                </ActionIcon>
              </div>
            ))}
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} />}
              disabled={openings.length >= 50}
              onClick={() =>
                setOpenings([
                  ...openings,
                  { day: openings.at(-1)?.day ?? "monday", from: "09:00", to: "18:00" },
                ])
              }
            >
              {t("channelDesk.add")}
            </Button>
          </fieldset>
          {openings.length > 0 && (
            <NativeSelect
              label={t("channelDesk.zone")}
              value={zone}
              onChange={(event) => setZone(event.currentTarget.value)}
              data={zones(zone)}
            />
          )}
        </>
      )}
    </FormModal>
  );
}

/** The time zones that this browser knows, and the one that is set. */
function zones(chosen: string): string[] {
  return [...new Set([chosen, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}
