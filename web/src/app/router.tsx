import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { session } from "../api/session";
import { withAdminTexts } from "../i18n/language";
import { Broken } from "./Broken";
import { Missing } from "./Missing";
import { Shell } from "./Shell";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: Broken,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string } =>
    typeof search.to === "string" && search.to.startsWith("/") && !search.to.startsWith("//")
      ? { to: search.to }
      : {},
  component: lazyRouteComponent(() => import("./SignIn"), "SignIn"),
});

/** Where mails lead to. */
const accountPages = [
  ["/forgot-password", "ForgotPassword"],
  ["/reset-password", "ResetPassword"],
  ["/verify-email", "VerifyEmail"],
  ["/accept-invitation", "AcceptInvitation"],
] as const;
const account = accountPages.map(([path, component]) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(() => import("./AccountPages"), component),
  }),
);

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./Setup"), "Setup"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    if (!session.me() && !(await session.refresh())) {
      throw redirect({ to: "/sign-in", search: { to: location.href } });
    }
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: session.may("conversations:read") ? "/inbox" : "/admin" });
  },
});

const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  component: lazyRouteComponent(() => import("../inbox/Inbox"), "Inbox"),
});

const conversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversation",
  validateSearch: (search): { message?: string } =>
    typeof search.message === "string" && /^[0-9a-f-]{36}$/.test(search.message)
      ? { message: search.message }
      : {},
});

const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  component: lazyRouteComponent(async () => {
    const [page] = await Promise.all([import("../admin/Admin"), withAdminTexts()]);
    return page;
  }, "Admin"),
});

const section = createRoute({
  getParentRoute: () => admin,
  path: "$section",
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    ...account,
    shell.addChildren([home, inbox.addChildren([conversation]), admin.addChildren([section])]),
  ]),
  context: { queries: undefined! },
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
