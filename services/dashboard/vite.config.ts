import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds the page into `dist/dashboard`; its script stays below 60 kB gzipped. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/dashboard', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Everything is in one file: an inlined asset would need a data: source in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
