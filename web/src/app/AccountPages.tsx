import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { says } from "./Broken";
import { Card } from "./Card";

/** What a mail's link carries. It stands behind the `#`, so that it never reaches a server's log. */
function token(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
}

/** Runs a request that can be made once, and keeps what came of it. */
function useOnce<T>() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [done, setDone] = useState<T | null>(null);
  async function run(request: () => Promise<T>) {
    setBusy(true);
    setFailure(null);
    try {
      setDone(await request());
    } catch (error) {
      setFailure(says(error, t));
    } finally {
      setBusy(false);
    }
  }
  return { busy, failure, done, run };
}

function Failure({ text }: { text: string | null }) {
  return text ? (
    <Alert color="red" role="alert">
      {text}
    </Alert>
  ) : null;
}

function Done({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="teal" role="status">
        {children}
      </Alert>
      <Anchor component={Link} to="/sign-in">
        {t("account.toSignIn")}
      </Anchor>
    </Stack>
  );
}

function NewPassword() {
  const { t } = useTranslation();
  return (
    <PasswordInput
      name="password"
      label={t("account.newPassword")}
      description={t("account.passwordRule")}
      autoComplete="new-password"
      minLength={12}
      maxLength={200}
      required
    />
  );
}

/** Asks for a mail with a link to a new password. */
export function ForgotPassword() {
  const { t } = useTranslation();
  const ask = useOnce<true>();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const tenant = String(form.get("tenant")).trim();
    void ask.run(async () => {
      await api.POST("/api/v1/auth/forgot-password", {
        body: { email: String(form.get("email")), ...(tenant ? { tenant } : {}) },
      });
      return true;
    });
  }
  return (
    <Card title={t("account.forgot")}>
      {ask.done ? (
        <Done>{t("account.mailSent")}</Done>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              name="email"
              type="email"
              label={t("signIn.email")}
              autoComplete="username"
              maxLength={254}
              required
            />
            <TextInput
              name="tenant"
              label={t("signIn.workspace")}
              description={t("signIn.workspaceHint")}
              maxLength={63}
            />
            <Failure text={ask.failure} />
            <Button type="submit" loading={ask.busy}>
              {t("account.sendLink")}
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}

/** Sets a new password by a mail's link. */
export function ResetPassword() {
  const { t } = useTranslation();
  const reset = useOnce<true>();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    void reset.run(async () => {
      await api.POST("/api/v1/auth/reset-password", { body: { token: token(), password } });
      return true;
    });
  }
  return (
    <Card title={t("account.reset")}>
      {reset.done ? (
        <Done>{t("account.resetDone")}</Done>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <NewPassword />
            <Failure text={reset.failure} />
            <Button type="submit" loading={reset.busy}>
              {t("account.setPassword")}
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}

/** Confirms the address of a registration, as soon as the page is there. */
export function VerifyEmail() {
  const { t } = useTranslation();
  const verify = useOnce<{ email: string; tenant: string }>();
  const { run } = verify;
  useEffect(() => {
    void run(() => body(api.POST("/api/v1/auth/verify-email", { body: { token: token() } })));
    // eslint-disable-next-line -- a link is good once
  }, []);
  return (
    <Card title={t("account.verify")}>
      <Failure text={verify.failure} />
      {verify.busy && <Text c="dimmed">{t("account.verifying")}</Text>}
      {verify.done && <Done>{t("account.verified", verify.done)}</Done>}
    </Card>
  );
}

/** Makes the account that somebody was invited to. */
export function AcceptInvitation() {
  const { t, i18n } = useTranslation();
  const accept = useOnce<{ email: string; tenant: string }>();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void accept.run(() =>
      body(
        api.POST("/api/v1/auth/accept-invitation", {
          body: {
            token: token(),
            name: String(form.get("name")),
            password: String(form.get("password")),
            locale: i18n.language,
          },
        }),
      ),
    );
  }
  return (
    <Card title={t("account.invited")}>
      {accept.done ? (
        <Done>{t("account.verified", accept.done)}</Done>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              name="name"
              label={t("account.name")}
              autoComplete="name"
              maxLength={200}
              required
            />
            <NewPassword />
            <Failure text={accept.failure} />
            <Button type="submit" loading={accept.busy}>
              {t("account.join")}
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}
