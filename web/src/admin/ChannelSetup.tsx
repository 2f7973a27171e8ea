import {
  Alert,
  Anchor,
  Button,
  Group,
  List,
  Modal,
  PasswordInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCircleCheck } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, newKey } from "../api/client";
import type { components } from "../api/schema";
import { ChannelHealth } from "./ChannelHealth";
import { Copyable, Steps, Trouble, useAct } from "./Form";

type Channel = components["schemas"]["Channel"];
const LISTS = ["channels", "channels-admin"];

/** Connects a WhatsApp number step by step: what Meta gives us, what Meta needs from us, and whether it works. */
export function ChannelSetup({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const [step, setStep] = useState(0);
  const [made, setMade] = useState<Channel | null>(null);
  // Meta sends this back when it asks whether the address is ours.
  const [verifyToken] = useState(() => newKey());
  const connect = useAct(
    (input: components["schemas"]["ChannelInput"]) =>
      body(api.POST("/api/v1/channels", { body: input })),
    LISTS,
    (channel) => {
      setMade(channel as Channel);
      setStep(1);
    },
  );
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name)).trim();
    connect.mutate({
      kind: "whatsapp",
      name: value("name"),
      settings: { phoneNumberId: value("phoneNumberId"), wabaId: value("wabaId") },
      credentials: {
        accessToken: value("accessToken"),
        appSecrets: [value("appSecret")],
        verifyToken,
      },
    });
  }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      fullScreen={narrow}
      title={t("setup.title")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      <Steps at={step} names={[t("setup.account"), t("setup.webhook"), t("setup.test")]} />
      {step === 0 && (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm" c="dimmed">
              {t("setup.accountHint")}{" "}
              <Anchor
                href="https://developers.facebook.com/apps"
                target="_blank"
                rel="noopener noreferrer"
                inherit
              >
                developers.facebook.com
              </Anchor>
            </Text>
            <TextInput
              name="name"
              label={t("channel.name")}
              description={t("setup.nameHint")}
              required
              maxLength={100}
              data-autofocus
            />
            <TextInput
              name="phoneNumberId"
              label={t("setup.phoneNumberId")}
              description={t("setup.phoneNumberIdHint")}
              required
              inputMode="numeric"
              pattern="[0-9]{5,20}"
              maxLength={20}
            />
            <TextInput
              name="wabaId"
              label={t("setup.wabaId")}
              description={t("setup.wabaIdHint")}
              required
              inputMode="numeric"
              pattern="[0-9]{5,20}"
              maxLength={20}
            />
            <PasswordInput
              name="accessToken"
              label={t("setup.accessToken")}
              description={t("setup.accessTokenHint")}
              required
              maxLength={1000}
              autoComplete="off"
            />
            <PasswordInput
              name="appSecret"
              label={t("setup.appSecret")}
              description={t("setup.appSecretHint")}
              required
              maxLength={200}
              autoComplete="off"
            />
            <Trouble error={connect.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t("form.cancel")}
              </Button>
              <Button type="submit" loading={connect.isPending}>
                {t("setup.connect")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
      {step === 1 && made && (
        <Stack>
          <List type="ordered" size="sm" spacing={4}>
            <List.Item>{t("setup.webhookOpen")}</List.Item>
            <List.Item>{t("setup.webhookEnter")}</List.Item>
            <List.Item>{t("setup.webhookFields")}</List.Item>
          </List>
          <Copyable label={t("setup.callbackUrl")} value={made.webhookUrl} />
          <Copyable
            label={t("setup.verifyToken")}
            value={verifyToken}
            description={t("setup.verifyTokenOnce")}
          />
          <Group justify="flex-end">
            <Button onClick={() => setStep(2)}>{t("setup.next")}</Button>
          </Group>
        </Stack>
      )}
      {step === 2 && made && (
        <Stack>
          <Alert color="teal" icon={<IconCircleCheck />} p="xs">
            {t("setup.made", { name: made.name })}
          </Alert>
          <ChannelHealth channelId={made.id} />
          <Text size="sm" c="dimmed">
            {t("setup.writeToIt")}
          </Text>
          <Group justify="space-between">
            <Button variant="default" onClick={() => setStep(1)}>
              {t("setup.back")}
            </Button>
            <Button onClick={onClose}>{t("setup.done")}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
