import {
  Alert,
  Anchor,
  Button,
  Group,
  Loader,
  Modal,
  NativeSelect,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, newKey } from "../api/client";
import type { components } from "../api/schema";
import type { Integration } from "../inbox/genesys";
import { Copyable, Steps, Trouble, useAct } from "./Form";
import { GenesysHealth } from "./GenesysHealth";

type Input = components["schemas"]["GenesysIntegrationInput"];
const REGIONS = [
  "mypurecloud.com",
  "mypurecloud.de",
  "mypurecloud.ie",
  "mypurecloud.jp",
  "mypurecloud.com.au",
  "use2.us-gov-pure.cloud",
  "usw2.pure.cloud",
  "cac1.pure.cloud",
  "sae1.pure.cloud",
  "euc2.pure.cloud",
  "euw2.pure.cloud",
  "mxc1.pure.cloud",
  "aps1.pure.cloud",
  "apse1.pure.cloud",
  "apne2.pure.cloud",
  "apne3.pure.cloud",
  "mec1.pure.cloud",
];
const AGAIN_MS = 1500;

/**
 * Connects Genesys Cloud step by step: the client that we come in with, the integration there, whether it works. Goes on
 * with one that was begun.
 */
export function GenesysSetup({ begun, onClose }: { begun?: Integration; onClose: () => void }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const [made, setMade] = useState<Integration | null>(begun ?? null);
  const [step, setStep] = useState(begun ? 1 : 0);
  // Who sets an integration up there by hand has to enter it; nobody else sees it.
  const [secret] = useState(() => newKey());
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      fullScreen={narrow}
      title={t("genesysSetup.title")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      <Steps at={step} names={[t("genesysSetup.client"), t("genesysSetup.integration"), t("setup.test")]} />
      {step === 0 && (
        <Connect
          secret={secret}
          onClose={onClose}
          onMade={(one) => {
            setMade(one);
            setStep(1);
          }}
        />
      )}
      {step === 1 && made && (
        <Create
          integration={made}
          secret={begun ? undefined : secret}
          onDone={() => setStep(2)}
          onClose={onClose}
        />
      )}
      {step === 2 && made && (
        <Stack>
          <Alert color="teal" icon={<IconCircleCheck />} p="xs">
            {t("setup.made", { name: made.name })}
          </Alert>
          <GenesysHealth id={made.id} />
          <Text size="sm" c="dimmed">
            {t("genesysSetup.choose")}{" "}
            <Anchor component={Link} to="/admin/channels" inherit>
              {t("sections.channels")}
            </Anchor>
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

/** The OAuth client, and whether an integration is to be created or is there. */
function Connect({
  secret,
  onMade,
  onClose,
}: {
  secret: string;
  onMade: (one: Integration) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [how, setHow] = useState("create");
  const [region, setRegion] = useState("mypurecloud.com");
  const connect = useAct(
    (input: Input) => body(api.POST("/api/v1/genesys/integrations", { body: input })),
    ["genesys"],
    (one) => onMade(one as Integration),
  );
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? "").trim();
    connect.mutate({
      name: value("name"),
      region: region || value("region"),
      clientId: value("clientId"),
      clientSecret: value("clientSecret"),
      webhookSecrets: [secret],
      ...(how === "adopt"
        ? { genesysId: value("genesysId") }
        : {
            settings: {
              ...(value("supportedContentId")
                ? { supportedContentId: value("supportedContentId") }
                : {}),
              ...(value("messagingSettingId")
                ? { messagingSettingId: value("messagingSettingId") }
                : {}),
            },
          }),
    });
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t("genesysSetup.clientHint")}
        </Text>
        <TextInput
          name="name"
          label={t("channel.name")}
          description={t("genesysSetup.nameHint")}
          defaultValue="Genesys"
          required
          maxLength={100}
          data-autofocus
        />
        <NativeSelect
          label={t("genesysSetup.region")}
          description={t("genesysSetup.regionHint")}
          value={region}
          onChange={(event) => setRegion(event.currentTarget.value)}
          data={[...REGIONS, { value: "", label: t("genesysSetup.otherRegion") }]}
        />
        {region === "" && (
          <TextInput
            name="region"
            label={t("genesysSetup.otherRegion")}
            placeholder="mypurecloud.ie"
            required
            maxLength={200}
          />
        )}
        <TextInput
          name="clientId"
          label={t("genesysSetup.clientId")}
          required
          maxLength={100}
          autoComplete="off"
        />
        <PasswordInput
          name="clientSecret"
          label={t("genesysSetup.clientSecret")}
          description={t("genesysSetup.clientSecretHint")}
          required
          maxLength={500}
          autoComplete="off"
        />
        <SegmentedControl
          value={how}
          onChange={setHow}
          fullWidth
          aria-label={t("genesysSetup.integration")}
          data={[
            { value: "create", label: t("genesysSetup.create") },
            { value: "adopt", label: t("genesysSetup.adopt") },
          ]}
        />
        {how === "adopt" ? (
          <TextInput
            name="genesysId"
            label={t("genesysSetup.genesysId")}
            description={t("genesysSetup.genesysIdHint")}
            required
            pattern="[A-Za-z0-9\-]+"
            maxLength={100}
          />
        ) : (
          <details>
            <Text component="summary" size="sm" mb="xs">
              {t("genesysSetup.more")}
            </Text>
            <TextInput
              mb="xs"
              name="supportedContentId"
              label={t("genesysSetup.supportedContentId")}
              description={t("genesysSetup.optionalHint")}
              maxLength={100}
            />
            <TextInput
              name="messagingSettingId"
              label={t("genesysSetup.messagingSettingId")}
              description={t("genesysSetup.optionalHint")}
              maxLength={100}
            />
          </details>
        )}
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
  );
}

/** Has the integration created or brought up to date, and waits until Genesys Cloud is done. */
function Create({
  integration,
  secret,
  onDone,
  onClose,
}: {
  integration: Integration;
  /** Shown to who sets it up by hand; nothing when it is not known any more. */
  secret: string | undefined;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const path = { params: { path: { id: integration.id } } };
  const [asked, setAsked] = useState(integration.createStatus === "initiated");
  const now =
    useQuery({
      queryKey: ["genesys", "one", integration.id],
      queryFn: () => body(api.GET("/api/v1/genesys/integrations/{id}", path)),
      refetchInterval: (query) =>
        query.state.data?.createStatus === "initiated" ? AGAIN_MS : false,
    }).data ?? integration;
  const create = useAct(
    () => body(api.POST("/api/v1/genesys/integrations/{id}/provision", path)),
    ["genesys"],
    () => setAsked(true),
  );
  const status = asked ? now.createStatus : undefined;
  const adopted = now.genesysId && !now.createStatus;
  return (
    <Stack>
      <Text size="sm">{t(adopted ? "genesysSetup.adoptHint" : "genesysSetup.createHint")}</Text>
      {status === "initiated" && (
        <Group gap="xs" role="status">
          <Loader size="xs" />
          <Text size="sm">{t("genesysSetup.status.initiated")}</Text>
        </Group>
      )}
      {status === "completed" && (
        <Alert color="teal" icon={<IconCircleCheck />} p="xs" role="status">
          {t("genesysSetup.status.completed")}
        </Alert>
      )}
      {status === "error" && (
        <Alert color="red" p="xs" role="alert">
          {t("genesysSetup.status.error")} {now.createError}
        </Alert>
      )}
      <Trouble error={create.error} />
      <details>
        <Text component="summary" size="sm">
          {t("genesysSetup.byHand")}
        </Text>
        <Stack gap="xs" mt="xs">
          <Text size="sm" c="dimmed">
            {t("genesysSetup.byHandHint")}
          </Text>
          <Copyable label={t("genesysSetup.webhookUrl")} value={now.webhookUrl} />
          {secret && (
            <Copyable
              label={t("genesysSetup.webhookSecret")}
              description={t("setup.verifyTokenOnce")}
              value={secret}
            />
          )}
        </Stack>
      </details>
      <Group justify="space-between">
        <Button variant="default" onClick={onClose}>
          {t("genesysSetup.later")}
        </Button>
        <Group gap="xs">
          <Button
            variant={status === "completed" ? "default" : "filled"}
            loading={create.isPending || status === "initiated"}
            onClick={() => create.mutate()}
          >
            {t(now.genesysId ? "genesysSetup.update" : "genesysSetup.createNow")}
          </Button>
          <Button
            variant={status === "completed" ? "filled" : "default"}
            disabled={!now.genesysId || status === "initiated"}
            onClick={onDone}
          >
            {t("setup.next")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
