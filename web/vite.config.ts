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
      const names = [...Object.keys(bundle), "index.html", "icon.svg"];
      this.emitFile({
        type: "asset",
        fileName: "files.txt",
        source: [...new Set(names)].join("\n") + "\n",
      });
    },
  };
}

/** What the inbox may cost before it is there, in bytes of scripts as they are sent. */
const MOST = 250_000;

/** Refuses to build an inbox whose first load is too large: the page itself, the inbox, and all that these import. */
function budget(): Plugin {
  return {
    name: "budget",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const all = new Set<string>();
      const add = (name: string) => {
        const chunk = chunks.find((one) => one.fileName === name);
        if (chunk && !all.has(name)) {
          all.add(name);
          chunk.imports.forEach(add);
        }
      };
      chunks
        .filter(
          (one) =>
            one.isEntry || /\/inbox\/Inbox\.tsx$|\/i18n\/en\.json$/.test(one.facadeModuleId ?? ""),
        )
        .forEach((one) => add(one.fileName));
      const size = chunks
        .filter((one) => all.has(one.fileName))
        .reduce((sum, one) => sum + gzipSync(one.code).length, 0);
      const told = `the first load of the inbox is ${Math.round(size / 1000)} kB of scripts, packed`;
      if (size > MOST) {
        this.error(`${told}: more than ${MOST / 1000} kB (${[...all].join(", ")})`);
      }
      this.info(told);
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
          ],
        },
      },
    },
  },
  server: { proxy },
  preview: { proxy },
});
