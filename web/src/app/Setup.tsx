import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { Broken, says } from "./Broken";
import { Card } from "./Card";

/** Makes the first workspace and its administrator, on a server that has none yet. */
export function Setup() {
  const { t } = useTranslation();
  const state = useQuery({
    queryKey: ["setup"],
    queryFn: () => body(api.GET("/api/v1/setup")),
  });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [made, setMade] = useState<{ email: string; tenant: string } | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name)).trim();
    setBusy(true);
    setFailure(null);
    try {
      const result = await body(
        api.POST("/api/v1/setup", {
          body: {
            code: value("code"),
            name: value("workspace"),
            slug: value("slug"),
            admin: {
              email: value("email"),
              name: value("name"),
              password: String(form.get("password")),
            },
          },
        }),
      );
      setMade({ email: result.admin.email, tenant: result.tenant.name });
    } catch (error) {
      setFailure(says(error, t));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={t("firstRun.title")}>
      {state.isPending ? (
        <Text c="dimmed" aria-busy="true">
          {t("account.verifying")}
        </Text>
      ) : state.isError ? (
        <Broken error={state.error} reset={() => void state.refetch()} />
      ) : made || !state.data.open ? (
        <Stack>
          <Alert color="teal" role="status">
            {made ? t("account.verified", made) : t("firstRun.over")}
          </Alert>
          <Anchor component={Link} to="/sign-in">
            {t("account.toSignIn")}
          </Anchor>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              name="code"
              label={t("firstRun.code")}
              description={t("firstRun.codeHint")}
              autoComplete="off"
              maxLength={100}
              required
              autoFocus
            />
            <TextInput name="workspace" label={t("firstRun.workspace")} maxLength={200} required />
            <TextInput
              name="slug"
              label={t("firstRun.slug")}
              description={t("firstRun.slugHint")}
              pattern="[a-z0-9][a-z0-9\-]*"
              maxLength={63}
              required
            />
            <TextInput
              name="name"
              label={t("account.name")}
              autoComplete="name"
              maxLength={200}
              required
            />
            <TextInput
              name="email"
              type="email"
              label={t("signIn.email")}
              autoComplete="username"
              maxLength={254}
              required
            />
            <PasswordInput
              name="password"
              label={t("signIn.password")}
              description={t("account.passwordRule")}
              autoComplete="new-password"
              minLength={12}
              maxLength={200}
              required
            />
            {failure && (
              <Alert color="red" role="alert">
                {failure}
              </Alert>
            )}
            <Button type="submit" loading={busy}>
              {t("firstRun.make")}
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}
