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

const proxy = {
  "/api": server,
  "/files": server,
  "/socket.io": { target: server, ws: true },
};

export default defineConfig({
  plugins: [react(), listing()],
  build: {
    target: "es2022",
    // Browsers that know light-dark(), which older targets make the build rewrite in a way that loses the colours.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // The server's content security policy allows no inline script, which a preload polyfill would be.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { proxy },
  preview: { proxy },
});
