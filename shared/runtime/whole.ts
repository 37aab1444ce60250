import { open, rename, rm } from 'node:fs/promises';
import { TwinError } from './errors.js';

/**
 * Writes a file so that at any time, a loss of power included, either all of it is there or none.
 * @throws TWIN_RESULT_UNWRITABLE naming the file and the reason of the system, such as ENOSPC.
 */
export async function writeWhole(path: string, text: string | Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    // What is wrong with the file is what the user has to know, not what is wrong with its removal.
    await Promise.allSettled([rm(part, { force: true })]);
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new TwinError('TWIN_RESULT_UNWRITABLE', `${path}: could not be written, ${code}; what stood in the folder before is kept`, {
      retryable: true,
      cause: error,
    });
  }
}
