import { Center, Loader } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError, use, type WidgetSession } from "./client";
import { Notice } from "./Notice";
import type { Parameters } from "./parameters";
import { answered, type Back, begin, type Begun, complete, openWindow, throughFrame } from "./signIn";

const Signed = lazy(() => import("./Signed"));

/** Why an agent is not, or no longer, let in. */
export type Out = "refused" | "left" | "expired" | "unknown" | "denied" | "away" | "signedOut";

type Stage =
  | { is: "start"; out: Out | null }
  | { is: "signingIn" }
  | { is: "completing" }
  | { is: "in"; session: WidgetSession; hostOrigin: string };

/** The widget beside a conversation of the Genesys desktop: signing in, and then the conversation. */
export function Widget({
  at,
  resumed,
  lost,
}: {
  at: Parameters | null;
  resumed: { begun: Begun; back: Back } | null;
  /** Whether this is where the login comes back to, and nobody waits for it. */
  lost: boolean;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [stage, setStage] = useState<Stage>(
    resumed ? { is: "completing" } : { is: "start", out: null },
  );
  const [begun, setBegun] = useState<Begun | null>(null);
  const [none, setNone] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const waiting = useRef<AbortController | null>(null);
  const once = useRef(false);

  const out = useCallback((why: Out) => {
    use(null);
    // Nothing of it is for whoever comes next.
    queries.clear();
    setBegun(null);
    setStage({ is: "start", out: why });
  }, [queries]);

  const finish = useCallback(
    async (of: Begun, back: Back) => {
      if (!back.code) {
        out("denied");
        return;
      }
      setStage({ is: "completing" });
      try {
        const session = await complete(of, back.code);
        use(session.token ?? null);
        setStage({ is: "in", session, hostOrigin: of.hostOrigin });
      } catch (error) {
        out(reason(error));
      }
    },
    [out],
  );

  // A sign-in is begun beforehand: a window may only be opened while a click is handled.
  useEffect(() => {
    if (!at || begun || stage.is !== "start" || stage.out === "away" || none) {
      return;
    }
    let gone = false;
    begin(at).then(
      (fresh) => !gone && setBegun(fresh),
      (error) => {
        if (!gone && error instanceof ProblemError && error.status === 404) {
          setNone(true);
        } else if (!gone) {
          setStage({ is: "start", out: "away" });
        }
      },
    );
    return () => {
      gone = true;
    };
  }, [at, begun, stage, none]);

  useEffect(() => {
    // What has begun is good for ten minutes.
    const timer = window.setTimeout(() => setBegun(null), 8 * 60_000);
    return () => window.clearTimeout(timer);
  }, [begun]);

  useEffect(() => {
    if (resumed && !once.current) {
      once.current = true;
      void finish(resumed.begun, resumed.back);
    }
  }, [resumed, finish]);

  function signIn() {
    if (!begun) {
      setStage({ is: "start", out: null });
      return;
    }
    if (at && !at.popup && throughFrame(begun)) {
      setStage({ is: "completing" });
      return;
    }
    const login = openWindow(begun);
    if (!login) {
      setBlocked(true);
      return;
    }
    setBlocked(false);
    setStage({ is: "signingIn" });
    const gone = new AbortController();
    waiting.current = gone;
    void answered(login, begun, gone.signal).then((back) => {
      login.close();
      if (back) {
        void finish(begun, back);
      } else {
        setBegun(null);
        setStage({ is: "start", out: null });
      }
    });
  }

  if (!at || none) {
    return <Notice kind={lost ? "lost" : at ? "none" : "wrong"} />;
  }
  switch (stage.is) {
    case "in":
      return (
        <Suspense fallback={<Waiting text={t("widget.loading")} />}>
          <Signed session={stage.session} hostOrigin={stage.hostOrigin} onOut={out} />
        </Suspense>
      );
    case "completing":
      return <Waiting text={t("widget.completing")} />;
    case "signingIn":
      return <Notice kind="signingIn" action={() => waiting.current?.abort()} />;
    default:
      return (
        <Notice
          kind={blocked ? "blocked" : (stage.out ?? "start")}
          busy={!begun && stage.out !== "away"}
          action={signIn}
          other={blocked && begun ? () => throughFrame(begun) : undefined}
        />
      );
  }
}

function reason(error: unknown): Out {
  const status = error instanceof ProblemError ? error.status : 0;
  return status === 403
    ? "refused"
    : status === 404
      ? "unknown"
      : status === 401
        ? "expired"
        : "away";
}

export function Waiting({ text }: { text: string }) {
  return (
    <Center component="main" h="100%" aria-busy="true" role="status" aria-label={text}>
      <Loader />
    </Center>
  );
}
