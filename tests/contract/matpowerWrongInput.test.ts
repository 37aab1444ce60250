import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TwinError } from '../../shared/runtime/errors.js';
import { readCase, ringCase } from '../support/caseFile.js';

/** The one line a case is refused with. */
async function refusal(text: string | Buffer, name?: string): Promise<string> {
  const error = await readCase(text, name).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TwinError);
  const { code, message } = error as TwinError;
  expect(code).toBe('TWIN_WRONG_INPUT');
  expect(message).not.toContain('\n');
  return message;
}

const change = (from: string, to: string): string => {
  expect(ringCase).toContain(from);
  return ringCase.replace(from, to);
};
const busRow = (number: number): string => `	${number}	1	3	0	0	0	2	1	0	230	1	1.1	0.9;\n`;
const afterBus7 = '80	20	0	0	2	1	0	0	1	1.1	0.9;\n';
const allowedParts = 'allowed: buses joined by branches or DC lines in service, or of type 4';
const costRow = '	2	0	0	2	30	0	0;';

describe('a MATPOWER case is refused in one line', () => {
  it.each<[string, () => string, string]>([
    [
      'a bus is cut off',
      () => change(afterBus7, afterBus7 + busRow(8)),
      `ring.m:8: bus.bus_i: found bus 8 cut off from the other 3 (2 islands), ${allowedParts}`,
    ],
    [
      'several buses are cut off',
      () =>
        change(afterBus7, afterBus7 + busRow(8) + busRow(9)).replace('mpc.branch = [\n', 'mpc.branch = [\n8 9 0 0.1 0 0 0 0 0 0 1 0 0;\n'),
      `ring.m:8: bus.bus_i: found bus 8 with 1 more cut off from the other 3 (2 islands), ${allowedParts}`,
    ],
    ['a branch has no reactance', () => change('0.03	0.3', '0.03	0'), 'ring.m:20: branch.x: found 0, allowed: a reactance other than 0'],
    [
      'a branch ends at a missing bus',
      () => change('	1	7	0.03', '	1	8	0.03'),
      'ring.m:20: branch.tbus: found 8, an unknown bus, allowed: the 3 buses of mpc.bus',
    ],
    [
      'a branch ends where it begins',
      () => change('	1	7	0.03', '	7	7	0.03'),
      'ring.m:20: branch.tbus: found 7, the bus it begins at, allowed: another bus',
    ],
    [
      'a generator stands at a missing bus',
      () => change('	2	70', '	3	70'),
      'ring.m:11: gen.bus: found 3, an unknown bus, allowed: the 3 buses of mpc.bus',
    ],
    ['Pmin is above Pmax', () => change('100	1	200	10', '100	1	200	210'), 'ring.m:10: gen.Pmin: found 210, allowed: up to Pmax, 200'],
    [
      'Pmax is infinite',
      () => change('100	1	200	10', '100	1	Inf	10'),
      'ring.m:10: gen.Pmax: found Infinity, allowed: a finite number',
    ],
    [
      'a quadratic cost falls',
      () => change('0.01	20	5', '-0.01	20	5'),
      'ring.m:14: gencost.c2: found -0.01, allowed: a number from 0: cost has to be convex',
    ],
    [
      'a piecewise cost turns downwards',
      () => change('2	0	0	3	0.01	20	5;', '1	0	0	3	0 0 10 200 20 300;').replace(costRow, '	2	0	0	2	30	0	0	0	0	0;'),
      'ring.m:14: gencost.y2: found slope 20 then 10 USD/MWh, allowed: slopes that do not fall: cost has to be convex',
    ],
    [
      'points of a cost do not rise',
      () => change('2	0	0	3	0.01	20	5;', '1	0	0	2	9 0 9 5;').replace(costRow, '	2	0	0	2	30	0	0	0;'),
      'ring.m:14: gencost.x2: found 9, allowed: above the point before, 9',
    ],
    [
      'a cost is of degree 3',
      () => change('2	0	0	3	0.01	20	5;', '2	0	0	4	1 0.01 20 5;').replace(costRow, '	2	0	0	2	30	0	0	0;'),
      'ring.m:14: gencost.n: found 4, allowed: polynomials up to degree 2 (n = 3), or higher coefficients of 0',
    ],
    [
      'a cost is of another model',
      () => change('	2	0	0	3	0.01', '	3	0	0	3	0.01'),
      'ring.m:14: gencost.model: found 3, allowed: 1 (piecewise linear) or 2 (polynomial)',
    ],
    [
      'a cost has fewer coefficients than it says',
      () => change('	2	0	0	3	0.01', '	2	0	0	5	0.01'),
      'ring.m:14: gencost.n: found 5 coefficients in 7 columns, allowed: at least 9 columns',
    ],
    [
      'a generator has no cost',
      () => change(`${costRow}\n`, ''),
      'ring.m:13: mpc.gencost: found 1 rows, allowed: 2, one for each generator, or 4',
    ],
    [
      'a bus stands twice',
      () => change('	7	1	80', '	2	1	80'),
      'ring.m:7: bus.bus_i: found 2 again, first on line 6, allowed: each number once',
    ],
    ['a bus is of an unknown type', () => change('	7	1	80', '	7	5	80'), 'ring.m:7: bus.type: found 5, allowed: 1, 2, 3 or 4'],
    ['a number is none', () => change('	7	1	80', '	7	1	8O'), 'ring.m:7: bus.Pd: found "8O", allowed: a number'],
    ['a number is an expression', () => change('	7	1	80', '	7	1	160/2'), 'ring.m:7: bus.Pd: found "160/2", allowed: a number'],
    ['a number is NaN', () => change('	7	1	80', '	7	1	NaN'), 'ring.m:7: bus.Pd: found NaN, allowed: a number'],
    ['a row is short', () => change('	7	1	80	20', '	7	1	80'), 'ring.m:7: bus: found 12 columns, allowed: at least 13'],
    [
      'rows differ in length',
      () => change('	7	1	80', '	7	1	80	80'),
      'ring.m:7: bus: found 14 columns, allowed: 13, as in the first row of the matrix',
    ],
    ['angle limits cross', () => change('-30	30', '30	-30'), 'ring.m:18: branch.angmin: found 30, allowed: up to angmax, -30'],
    [
      'a rating is negative',
      () => change('100	120	150', '-100	120	150'),
      'ring.m:18: branch.rateA: found -100, allowed: a number in MVA from 0; 0: no rating',
    ],
    [
      'a matrix is missing',
      () => change('mpc.gencost', 'mpc.gen_cost'),
      'ring.m: found no mpc.gencost, allowed: a case with bus, gen, branch and gencost',
    ],
    ['the base is 0', () => change('baseMVA = 100', 'baseMVA = 0'), 'ring.m:3: mpc.baseMVA: found "0", allowed: a number in MVA above 0'],
    [
      'it is of version 1 by its word',
      () => change("'2'", "'1'"),
      `ring.m:2: mpc.version: found "1", allowed: version 2 (mpc.version = '2')`,
    ],
    [
      'it is of version 1 by its function',
      () => change('function mpc = ring', 'function [baseMVA, bus, gen, branch] = ring'),
      `ring.m:1: found a case of version 1, allowed: version 2 (function mpc = NAME, mpc.version = '2')`,
    ],
    [
      'it computes its matrices',
      () => `${ringCase}mpc.branch(:, 4) = mpc.branch(:, 4) / 2;\n`,
      'ring.m:22: mpc.branch: found a statement that computes it, allowed: a matrix of numbers',
    ],
    [
      'it holds other statements',
      () => `${ringCase}for i = 1:3\nend\n`,
      'ring.m:22: found "for i = 1:3", allowed: assignments of numbers and names to mpc fields',
    ],
    [
      'a closing bracket is missing',
      () => change('0.9;\n];\nmpc.gen', '0.9;\nmpc.gen'),
      'ring.m:8: mpc.bus: found "=" inside the matrix that begins on line 4, allowed: ]; before the next field',
    ],
    [
      'names are too few',
      () => `${ringCase}mpc.bus_name = {'A'; 'B'};\n`,
      'ring.m:22: mpc.bus_name: found 2 rows, allowed: 3, one for each row of mpc.bus',
    ],
    [
      'a reactance is next to nothing',
      () => change('0.03	0.3', '0.03	1e-300'),
      'ring.m:20: branch.x: found 1e-300, allowed: a reactance of at least 1e-8',
    ],
    [
      'a field is given twice',
      () => `${ringCase}mpc.baseMVA = 50;\n`,
      'ring.m:22: mpc.baseMVA: found a second time, allowed: once, as on line 3',
    ],
    [
      'a matrix is given twice',
      () => `${ringCase}mpc.gencost = [\n	2	0	0	2	30	0	0;\n];\n`,
      'ring.m:22: mpc.gencost: found a second time, allowed: once, as on line 13',
    ],
    ['a field has no value', () => `${ringCase}mpc.bus_na`, 'ring.m:22: mpc.bus_na: found the end of the file, allowed: "=" and a value'],
    ['a value is missing', () => `${ringCase}mpc.bus_name =`, 'ring.m:22: mpc.bus_name: found the end of the file, allowed: a value'],
    [
      'the base is written in another base',
      () => change('baseMVA = 100', 'baseMVA = 0x64'),
      'ring.m:3: mpc.baseMVA: found "0x64", allowed: a number in MVA above 0',
    ],
    [
      'a rating is too large for a number',
      () => change('0.02	100	120', '0.02	1e400	120'),
      'ring.m:18: branch.rateA: found "1e400", allowed: a number',
    ],
  ])('when %s', async (_what, text, line) => {
    expect(await refusal(text())).toBe(line);
  });

  it('when the file ends inside a matrix, wherever it was cut', async () => {
    expect(await refusal(ringCase.slice(0, ringCase.indexOf('0.03	0.3')))).toBe(
      'ring.m:20: mpc.branch: found the end of the file inside the matrix that begins on line 17, allowed: rows, and ]; after the last one',
    );
    // Every cut before the last bracket loses something, and every one is one line.
    for (let length = 1; length <= ringCase.lastIndexOf(']'); length++) await refusal(ringCase.slice(0, length));
  });

  it('when a packed file ends too early', async () => {
    const packed = gzipSync(ringCase);
    expect(await refusal(packed.subarray(0, packed.length - 20), 'ring.m.gz')).toBe(
      'ring.m.gz: found a gzip file that ends too early, allowed: a whole gzip file, or a name without .gz',
    );
  });

  it('when it is packed although its name does not say so', async () => {
    expect(await refusal(gzipSync(ringCase))).toBe('ring.m: found a gzip file, allowed: text, or a name that ends in .gz');
  });

  it('when it is not packed although its name says so', async () => {
    expect(await refusal(ringCase, 'ring.m.gz')).toBe(
      'ring.m.gz: found bytes that are not gzip, allowed: a gzip file, or a name without .gz',
    );
  });
});
