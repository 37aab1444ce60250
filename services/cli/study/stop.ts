import type { Stopping } from './pool.js';
import type { Progress } from './progress.js';

/** Ctrl-C once: cells under way finish; twice, or a request to terminate: everything ends now, and what was kept of cells stays. */
export function listenForStop(progress: () => Progress): Stopping & { readonly close: () => void } {
  const now = new AbortController();
  let isEnding = false;
  const onInterrupt = (): void => {
    if (isEnding) return now.abort();
    isEnding = true;
    const { finished, cells } = progress();
    process.stderr.write(`\nstudy: ${finished} of ${cells} cells finished; those under way finish too, Ctrl-C again stops now\n`);
  };
  const onTerminate = (): void => {
    isEnding = true;
    now.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    isEnding: () => isEnding,
    now: now.signal,
    close: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
