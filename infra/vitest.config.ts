import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * `quick`: what needs no server, all files at once; `npm run check` runs it.
 * `servers`: what starts real servers, one file at a time, because two cores carry one stack.
 */
export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          root,
          name: 'quick',
          sequence: { groupOrder: 0 },
          include: ['tests/kernel/**/*.test.ts', 'tests/contract/**/*.test.ts', 'tests/simulation/**/*.test.ts', 'tests/tidy.test.ts'],
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          root,
          name: 'servers',
          sequence: { groupOrder: 1 },
          include: ['bus', 'workflows', 'replay', 'e2e', 'browser', 'chaos'].map((level) => `tests/${level}/**/*.test.ts`),
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
