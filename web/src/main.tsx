import "@mantine/core/styles.css";
import "./app/app.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ProblemError } from "./api/client";
import { router } from "./app/router";
import { theme } from "./app/theme";
import { beginLanguage } from "./i18n/language";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the server refuses it refuses again; only what may pass is tried again.
      retry: (count, error) =>
        count < 3 && !(error instanceof ProblemError && error.status < 500 && error.status !== 429),
      retryDelay: (count, error) =>
        (error instanceof ProblemError && error.retryAfterMs) ||
        Math.min(1000 * 2 ** count, 10_000),
    },
  },
});

const root = document.getElementById("root");
if (root) {
  void beginLanguage().then(() =>
    createRoot(root).render(
      <StrictMode>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} context={{ queries }} />
          </QueryClientProvider>
        </MantineProvider>
      </StrictMode>,
    ),
  );
}
