import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a thread at a module; run from sources, the thread is taught to read them first.
 * @throws nothing; a module that cannot be loaded is an `error` of the thread.
 */
export function startThread(module: URL, options: Pick<WorkerOptions, 'workerData' | 'resourceLimits'>): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, options);
  const teacher = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const code = `import(${teacher}).then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(code, { ...options, eval: true });
}
