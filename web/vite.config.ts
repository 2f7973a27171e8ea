import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// The server that `npm run dev` talks to.
const server = process.env.PARLEY_URL ?? "http://localhost:8080";

/** Names every file that was made: the server reads them from inside its jar, where folders cannot be listed. */
function listing(): Plugin {
  return {
    name: "listing",
    generateBundle(_, bundle) {
      const names = [...Object.keys(bundle), "index.html", "widget.html", "icon.svg"];
      this.emitFile({
        type: "asset",
        fileName: "files.txt",
        source: [...new Set(names)].join("\n") + "\n",
      });
    },
  };
}

/** What may be sent before a page is there, in bytes of packed scripts: the inbox, and the agents' widget. */
const MOST: Record<string, [RegExp, number]> = {
  inbox: [/\/(index\.html|inbox\/Inbox\.tsx|i18n\/en\.json)$/, 250_000],
  widget: [/\/(widget\.html|widget\/Signed\.tsx|i18n\/en\.json|i18n\/widget\/en\.json)$/, 250_000],
};

/** Refuses to build a page whose first load is too large: the page itself, what it opens first, and all they import. */
function budget(): Plugin {
  return {
    name: "budget",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      for (const [page, [first, most]] of Object.entries(MOST)) {
        const all = new Set<string>();
        const add = (name: string) => {
          const chunk = chunks.find((one) => one.fileName === name);
          if (chunk && !all.has(name)) {
            all.add(name);
            chunk.imports.forEach(add);
          }
        };
        chunks
          .filter((one) => first.test(one.facadeModuleId ?? ""))
          .forEach((one) => add(one.fileName));
        const size = chunks
          .filter((one) => all.has(one.fileName))
          .reduce((sum, one) => sum + gzipSync(one.code).length, 0);
        const told = `the first load of the ${page} is ${Math.round(size / 1000)} kB of scripts, packed`;
        if (all.size === 0 || size > most) {
          this.error(`${told}: more than ${most / 1000} kB (${[...all].join(", ")})`);
        }
        this.info(told);
      }
    },
  };
}

const proxy = {
  "/api": server,
  "/files": server,
  "/socket.io": { target: server, ws: true },
};

export default defineConfig({
  plugins: [react(), listing(), budget()],
  build: {
    target: "es2022",
    // Browsers that know light-dark(), which older targets make the build rewrite in a way that loses the colours.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // The server's content security policy allows no inline script, which a preload polyfill would be.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["index.html", "widget.html"],
      output: {
        // What every page needs stays together: many small files pack worse and cost a request each.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(react(?!-number-format)|scheduler|@tanstack|i18next|react-i18next|openapi-fetch|use-sync-external-store|@floating-ui|react-remove-scroll)/,
            },
            {
              name: "parts",
              test: /node_modules\/@mantine\/.*\/(core|Box|ActionIcon|Button|Group|Stack|Text|Title|Menu|Popover|Tooltip|Transition|Loader|Center|Anchor|Input|InputBase|UnstyledButton|Paper|Avatar|Badge|Portal|FocusTrap|Overlay|CloseButton|ThemeIcon|Skeleton|Floating|hooks)\//,
            },
            {
              // What inbox and widget share of messages: pieces of it would pack worse.
              name: "messages",
              test: /src\/(api\/problem|app\/(Broken|theme)|inbox\/(MessageContent|MessageFile|Sound|WhatsAppText|preview|time))\./,
            },
          ],
        },
      },
    },
  },
  server: { proxy },
  preview: { proxy },
});
