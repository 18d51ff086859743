import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  test: { include: ["src/**/*.test.ts"] },
  // The hub replaces the placeholder by a fresh nonce in every response.
  html: { cspNonce: "__PREGON_NONCE__" },
  build: {
    target: "es2023",
    // Inlined fonts and pictures would be data: addresses, which the page's policy refuses for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the bundled packages ask for; compress.mjs adds the font.
    license: { fileName: "licenses.md" },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    // What the first page needs comes as one part: a hundred of some hundred bytes are each compressed and asked for alone.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "start", tags: ["$initial"] }] } } },
  },
});
