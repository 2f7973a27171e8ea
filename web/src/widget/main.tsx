import "@mantine/core/styles.css";
import "../app/app.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { theme } from "../app/theme";
import { ProblemError } from "./client";
import { parameters } from "./parameters";
import { back, handOver, resume } from "./signIn";
import { begin } from "./texts";
import { Widget } from "./Widget";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refuses it refuses again; only what may pass is tried again.
      retry: (count, error) =>
        count < 2 && !(error instanceof ProblemError && error.status < 500 && error.status !== 429),
    },
  },
});

const answer = back();
const kept = answer && resume(answer);
if (!(answer && !kept && handOver(answer))) {
  const at = parameters(window.location.pathname, window.location.search);
  const root = document.getElementById("root");
  if (root) {
    void begin(at?.language ?? "").then(() =>
      createRoot(root).render(
        <StrictMode>
          <MantineProvider theme={theme} defaultColorScheme="auto">
            <QueryClientProvider client={queries}>
              <Widget at={at} resumed={kept ? { begun: kept, back: answer } : null} lost={!!answer && !kept} />
            </QueryClientProvider>
          </MantineProvider>
        </StrictMode>,
      ),
    );
  }
}
