import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, problem } from "../api/client";
import { session } from "../api/session";
import { says } from "./Broken";
import { Card } from "./Card";

/** Signing in with e-mail address and password; the workspace is asked for when the address alone is not enough. */
export function SignIn() {
  const { t } = useTranslation();
  const router = useRouter();
  const search = useSearch({ from: "/sign-in" });
  const [workspace, setWorkspace] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  // A server without any workspace is set up first.
  const fresh = useQuery({
    queryKey: ["setup"],
    retry: false,
    queryFn: () => body(api.GET("/api/v1/setup")),
  }).data?.open;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      const tenant = String(form.get("tenant") ?? "").trim();
      const answer = await session.begin({
        email: String(form.get("email")),
        password: String(form.get("password")),
        ...(tenant ? { tenant } : {}),
      });
      if (!answer.ok) {
        throw await problem(answer);
      }
      await router.navigate({ href: search.to ?? "/", replace: true });
    } catch (error) {
      setFailure(says(error, t));
      setBusy(false);
    }
  }

  return (
    <Card>
      <form onSubmit={submit}>
        <Stack>
          {fresh && (
            <Alert color="teal">
              {t("firstRun.hint")}{" "}
              <Anchor component={Link} to="/setup" inherit>
                {t("firstRun.title")}
              </Anchor>
            </Alert>
          )}
          <TextInput
            name="email"
            type="email"
            label={t("signIn.email")}
            autoComplete="username"
            autoFocus
            required
            maxLength={254}
          />
          <PasswordInput
            name="password"
            label={t("signIn.password")}
            autoComplete="current-password"
            required
            maxLength={200}
          />
          {workspace ? (
            <TextInput
              name="tenant"
              label={t("signIn.workspace")}
              description={t("signIn.workspaceHint")}
              autoComplete="organization"
              maxLength={63}
            />
          ) : (
            <Anchor component="button" type="button" size="sm" onClick={() => setWorkspace(true)}>
              {t("signIn.withWorkspace")}
            </Anchor>
          )}
          {failure && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <Button type="submit" loading={busy} fullWidth>
            {t("signIn.submit")}
          </Button>
          <Anchor component={Link} to="/forgot-password" size="sm" ta="center">
            {t("account.forgot")}
          </Anchor>
        </Stack>
      </form>
    </Card>
  );
}
