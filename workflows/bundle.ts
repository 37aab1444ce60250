import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** The workflows as one script, built beside the compiled worker. */
export const workflowBundlePath = fileURLToPath(new URL('./workflowBundle.cjs', import.meta.url));

/** Bundles the workflows a module exports; only warnings reach standard error. */
export async function bundleWorkflows(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(workflowBundlePath, await bundleWorkflows(fileURLToPath(new URL('./index.js', import.meta.url))));
}
