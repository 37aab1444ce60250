import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importMatpower } from '../../shared/scenario/matpower/import.js';
import { readNetwork } from '../../shared/scenario/networkFile.js';
import { folderOfFiles } from '../support/badFiles.js';
import { anyBytes, complaintAboutLine, everyCaseLater, spoilt, spoiltText, triedLater } from '../support/badInput.js';
import { ringCase } from '../support/caseFile.js';
import { smallWorld } from '../support/worlds.js';

const folder = folderOfFiles();

/** The ring with what else a case may hold: a DC line, names, fuels, a comment over lines, a field that is computed. */
const richCase = `${ringCase}%{
a comment
%}
mpc.dcline = [
	1	7	1	10	9.5	0	0	1	1	0	30	-10	10	-10	10	0.5	0.05;
];
mpc.bus_name = { 'north'; 'it''s'; "south" };
mpc.genfuel = { 'ng'; 'coal' };
mpc.gentype = { 'CC'; 'ST' };
mpc.zone(:, 1) = mpc.bus(:, 11) * 2;
`;

describe('a MATPOWER case', () => {
  const path = join(folder, 'bad.m');
  const read = (bytes: string | Buffer, zeroReactance?: 'refuse'): Promise<string | null> => {
    writeFileSync(path, bytes);
    return triedLater(async () => {
      const { warnings } = await importMatpower(path, { zeroReactance });
      for (const line of warnings) expect(complaintAboutLine(line)).toBeNull();
    }, path);
  };

  test.each([
    ['the ring', ringCase],
    ['all of a case', richCase],
  ])('%s that is cut, doubled or changed somewhere is read or refused in one line', async (_, text) => {
    writeFileSync(path, text);
    expect((await importMatpower(path)).network.buses).toHaveLength(3);
    await everyCaseLater(spoiltText(text), (bytes) => read(bytes), 2);
  });

  test.each(['constructor', '__proto__', 'toString'])('takes the fuel %s for one it does not know', async (word) => {
    writeFileSync(path, richCase.replace("{ 'ng'; 'coal' }", `{ '${word}'; 'coal' }`));
    expect((await importMatpower(path)).network.units.map(({ source }) => source)).toEqual(['other', 'coal']);
  });

  test('of any bytes is refused in one line', async () => {
    await everyCaseLater(anyBytes, (bytes) => read(bytes));
  });

  test.each([
    ['a word', 'x'],
    ['brackets that open', '['],
    ['brackets that close', ']'],
    ['quotes', "''"],
    ['dots', '.'],
    ['comments that open', '%{\n'],
    ['continued lines', '...\n'],
    ['numbers', '1 '],
    ['line ends', '\n'],
    ['mpc.', 'mpc.'],
    ['equals', '='],
  ])(
    'with a megabyte of %s is refused in one line, at once',
    async (_, piece) => {
      const much = piece.repeat(Math.ceil(2 ** 20 / piece.length));
      for (const text of [much, `${ringCase}${much}`, ringCase.replace('mpc.gen = [', `mpc.gen = [${much}`)])
        expect(await read(text)).toBeNull();
    },
    60_000,
  );
});

describe('a network file', () => {
  test('with something wrong in it is refused in one line', async () => {
    const { name, regions, network, series } = smallWorld();
    const sound: unknown = JSON.parse(JSON.stringify({ schema: 'loadstone.network/1', name, regions, network, series, warnings: [] }));
    const path = join(folder, 'network.json');
    await everyCaseLater(spoilt(sound), (odd) => {
      writeFileSync(path, JSON.stringify(odd) ?? '');
      return triedLater(() => readNetwork(path), path);
    });
    await everyCaseLater(spoiltText(JSON.stringify(sound, null, 1)), (bytes) => {
      writeFileSync(path, bytes);
      return triedLater(() => readNetwork(path), path);
    });
  });
});
