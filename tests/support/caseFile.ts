import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCase, type NetworkFile } from '../../shared/scenario/networkFile.js';

/** A case of three buses in a ring with two generators; every test changes what it is about. Bus rows stand on lines 5 to 7. */
export const ringCase = `function mpc = ring
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	230	1	1.1	0.9;
	2	2	50	10	0	0	1	1	0	230	1	1.1	0.9;
	7	1	80	20	0	0	2	1	0	0	1	1.1	0.9;
];
mpc.gen = [
	1	60	0	30	-30	1	100	1	200	10;
	2	70	0	30	-30	1	100	1	100	0;
];
mpc.gencost = [
	2	0	0	3	0.01	20	5;
	2	0	0	2	30	0	0;
];
mpc.branch = [
	1	2	0.01	0.1	0.02	100	120	150	0	0	1	-30	30;
	2	7	0.02	0.2	0	0	0	0	1.05	-3	1	0	0;
	1	7	0.03	0.3	0	90	80	0	0	0	1	-360	360;
];
`;

/** Reads text as a case file of the given name. */
export async function readCase(
  text: string | Buffer,
  name = 'ring.m',
  options: Parameters<typeof importCase>[1] = {},
): Promise<NetworkFile> {
  const folder = await mkdtemp(join(tmpdir(), 'loadstone-case-'));
  try {
    await writeFile(join(folder, name), text);
    return await importCase(join(folder, name), options);
  } catch (error) {
    // The folder differs from run to run; what a test compares does not.
    if (error instanceof Error) error.message = error.message.replaceAll(`${folder}/`, '');
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}
