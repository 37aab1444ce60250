import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers } from '../../services/cli/answers.js';
import { register } from '../../services/cli/commands/network.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { FlowAnswer, FrequencyAnswer, ScreenAnswer } from '../../services/cli/network/answers.js';
import type { NetworkFile } from '../../shared/scenario/networkFile.js';
import { runCommand } from '../support/commandLine.js';
import { networkOf } from '../support/commitmentCase.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-security-'));
  await writeFile(join(folder, 'fixed.json'), JSON.stringify(ring('fixed')));
  await writeFile(join(folder, 'moving.json'), JSON.stringify(ring('moving')));
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * Three buses in a ring and one behind a radial line: 90 MW at c and 10 MW at d, either fixed, or 50, 90 and 20 % of that hour by hour.
 * A unit at a is cheaper than one at b; what is sent from a to c goes two thirds directly, one third over b.
 */
function ring(kind: 'fixed' | 'moving'): NetworkFile {
  const line = (fromBus: string, toBus: string) => ({ fromBus, toBus, ratingMw: 100 });
  const network = networkOf(
    [
      { id: 'big', bus: 'a', capacityMw: 200, usdPerMwh: 10, scheduledMw: 100 },
      { id: 'small', bus: 'b', capacityMw: 60, usdPerMwh: 30 },
    ],
    [line('a', 'b'), line('b', 'c'), line('a', 'c'), line('c', 'd')],
  );
  const loadMw: Readonly<Record<string, number>> = { c: 90, d: 10 };
  const shareRatio: Readonly<Record<string, number>> = { c: 0.9, d: 0.1 };
  return {
    schema: 'loadstone.network/1',
    name: 'ring',
    regions: [{ id: 'here', name: 'Here', load: kind === 'fixed' ? { kind: 'constant', mw: 0 } : { kind: 'series', series: 'load' } }],
    network: {
      ...network,
      buses: network.buses.map((bus) => ({
        ...bus,
        region: 'here',
        isReference: bus.id === 'a',
        fixedLoadMw: kind === 'fixed' ? (loadMw[bus.id] ?? 0) : 0,
        loadShareRatio: kind === 'fixed' ? 0 : (shareRatio[bus.id] ?? 0),
      })),
      lines: network.lines.map((each) => ({ ...each, emergencyRatingMw: 110 })),
      units: network.units.map((unit) => ({ ...unit, inertiaMws: unit.id === 'big' ? 800 : 200 })),
    },
    series: kind === 'fixed' ? {} : { load: { startTime: '2030-01-01T00:00:00.000Z', stepMinutes: 60, values: [60, 150, 30] } },
    warnings: [],
  };
}

async function answerOf<Answer>(command: string, name: string, ...words: string[]): Promise<Answer> {
  const { out } = await runCommand(register, ['network', command, join(folder, name), '--json', ...words]);
  return JSON.parse(out) as Answer;
}

describe('loadstone network, flows and security', () => {
  it('answers in the forms that `schema` publishes', async () => {
    for (const command of ['flow', 'screen', 'frequency']) {
      const { out } = await runCommand(registerSchema, ['schema', `network-${command}`]);
      const fits = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
      const words = command === 'frequency' ? ['--campus', '5@c', '--loss', '3'] : [];
      expect(fits(await answerOf(command, 'fixed.json', ...words)), JSON.stringify(fits.errors)).toBe(true);
    }
    expect(answers.map(({ type }) => type)).toContain('dispatch');
  });

  it('gives the flows of scheduled outputs and fixed loads', async () => {
    const answer = await answerOf<FlowAnswer>('flow', 'fixed.json');
    expect(answer.hour).toBeNull();
    const flows = answer.lines.map(({ netFlowMw }) => netFlowMw);
    [100 / 3, 100 / 3, 200 / 3, 10].forEach((mw, line) => expect(flows[line]).toBeCloseTo(mw, 9));
    expect(answer.lines[2]?.loadingRatio).toBeCloseTo(2 / 3, 9);
    const angleOf = (id: string): number => answer.buses.find(({ bus }) => bus === id)?.angleDegrees ?? NaN;
    expect(angleOf('a')).toBe(0);
    // 200/3 MW over 0.1 p.u. on 100 MVA.
    expect(angleOf('c')).toBeCloseTo((-0.2 / 3) * (180 / Math.PI), 9);
    expect(answer.balances).toEqual([{ bus: 'a', buses: 4, netBalancingMw: 0 }]);
  });

  it('gives the flows of an hour at least cost, and asks for the hour where load moves', async () => {
    const answer = await answerOf<FlowAnswer>('flow', 'moving.json', '--hour', '1');
    // 150 MW to c and beyond; the line from a to c would carry 100, its rating.
    expect(answer.lines[2]?.netFlowMw).toBeCloseTo(100, 6);
    expect(answer.buses.find(({ bus }) => bus === 'd')?.netInjectionMw).toBeCloseTo(-15, 9);
    await expect(answerOf('flow', 'moving.json')).rejects.toThrow('--hour: found none, though the load of ring moves');
    await expect(answerOf('flow', 'moving.json', '--hour', '3')).rejects.toThrow('--hour: found 3, allowed: a whole number from 0 to 2');
  });

  it('screens the hours: worst pair, share of hours broken, MW behind radial lines', async () => {
    const answer = await answerOf<ScreenAnswer>('screen', 'moving.json');
    expect(answer).toMatchObject({ hours: 3, ratedLines: 4, outages: 3, insecureHours: 1 });
    expect(answer.insecureRatio).toBeCloseTo(1 / 3, 12);
    // All 150 MW on the way that is left, of 110; three pairs of a ring are alike, and the tie goes to the one found first.
    expect(answer.worst).toMatchObject({ hour: 1, ratingMw: 110 });
    expect(answer.worst?.loadingRatio).toBeCloseTo(150 / 110, 6);
    expect(answer.worstPairs).toHaveLength(1);
    expect(answer.worstLoadingRatio.median).toBeCloseTo(60 / 110, 6);
    expect(answer.islanding).toHaveLength(1);
    expect(answer.islanding[0]).toMatchObject({ line: 'line-3', buses: ['d'] });
    expect(answer.islanding[0]?.interruptedMw.most).toBeCloseTo(15, 6);
    // The other unit stands still, so nothing replaces the one that is lost, and load goes with it.
    expect(answer.lossInsecureHours).toBe(0);
  });

  it('says when no line has an emergency rating', async () => {
    const bare = ring('moving');
    const lines = bare.network.lines.map((each) => ({ ...each, emergencyRatingMw: null }));
    await writeFile(join(folder, 'bare.json'), JSON.stringify({ ...bare, network: { ...bare.network, lines } }));
    const { out, err } = await runCommand(register, ['network', 'screen', join(folder, 'bare.json')]);
    expect(err).toContain('note: no line has a long-term emergency rating, so nothing can be broken');
    expect(out).toContain('no loss breaks an emergency rating');
  });

  it('loses the largest unit, a campus out of the load, and a campus that was added to it', async () => {
    const island = await answerOf<FrequencyAnswer>('frequency', 'fixed.json', '--island', '--campus', '20', '--loss', '7');
    expect(island).toMatchObject({ hours: 1, island: true, outsideInertiaMws: 0, inertiaMws: { median: 800 } });
    expect(island.losses.map(({ loss }) => loss)).toEqual(['largest-unit', 'campus', 'generation']);
    const [unit, campus, generation] = island.losses;
    // Its inertia goes with the only unit that runs: nothing turns, so there is no course.
    expect(unit?.hours).toBe(0);
    expect(campus?.rateHzPerSecond.median).toBeCloseTo((20 * 60) / (2 * 800), 9);
    expect(campus?.highestHz.median).toBeGreaterThan(60);
    expect(campus?.shedHours).toBe(0);
    expect(generation?.rateHzPerSecond.median).toBeCloseTo((7 * 60) / (2 * 800), 9);
    expect(generation?.worst).toMatchObject({ hour: 0, lost: 'generation', lostMw: 7 });
    const added = await answerOf<FrequencyAnswer>('frequency', 'fixed.json', '--campus', '80@c');
    // 170 MW at c need both units; tied to the outside the loss is slow.
    expect(added.inertiaMws.median).toBe(1_000);
    expect(added.losses[0]?.hours).toBe(1);
    expect(added.losses[1]?.rateHzPerSecond.median).toBeCloseTo((80 * 60) / (2 * 181_000), 9);
  });

  it.each<[string, readonly string[], string]>([
    [
      'a campus at no bus',
      ['frequency', '--campus', '5@x'],
      '--campus: found 5@x, an unknown bus, allowed: MW@BUS with one of the 4 buses',
    ],
    ['a campus of nothing', ['frequency', '--campus', '0'], '--campus: found 0, allowed: MW above 0, or MW@BUS'],
    ['no step', ['frequency', '--every', '0'], '--every: found 0, allowed: a whole number from 1'],
    ['a loss that is no number', ['frequency', '--loss', 'all'], '--loss: found all, allowed: a number above 0'],
    ['hours beyond the series', ['screen', '--hours', '0:9'], '--hours: found 0:9, allowed: FROM:TO within 0:3'],
    ['an unknown convention', ['screen', '--dc', 'ac'], '--dc: found ac, allowed: matpower, series'],
  ])('refuses %s', async (_what, [command = '', ...words], line) => {
    await expect(answerOf(command, 'moving.json', ...words)).rejects.toThrow(line);
  });
});

describe.skipIf(rtsGmlcDir === null)(`security of RTS-GMLC through the command line${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  const run = async <Answer>(...words: string[]): Promise<Answer> =>
    JSON.parse((await runCommand(register, ['network', words[0] ?? '', rtsGmlcDir ?? '', '--json', ...words.slice(1)])).out) as Answer;

  it('screens a fortnight of July: most hours are broken by some loss, and lines B11 and C11 are radial', async () => {
    const answer = await run<ScreenAnswer>('screen', '--hours', '4464:4800');
    expect(answer).toMatchObject({ hours: 336, ratedLines: 120, outages: 118 });
    expect(answer.insecureRatio).toBeGreaterThan(0.6);
    expect(answer.islanding.map(({ line, buses }) => [line, ...buses]).sort()).toEqual([
      ['b11', '207'],
      ['c11', '307'],
    ]);
    expect(answer.largestInterruptedMw.most).toBeLessThanOrEqual(125);
  });

  it('falls at 0.87 Hz/s at the median after 400 MW as an island, and rises at 2.16 after a campus of 1,000 MW', async () => {
    const answer = await run<FrequencyAnswer>('frequency', '--island', '--campus', '1000', '--loss', '400', '--every', '93');
    expect(answer.hours).toBe(95);
    expect(Math.abs(answer.inertiaMws.median / 13_900 - 1)).toBeLessThan(0.1);
    const [, campus, generation] = answer.losses;
    expect(Math.abs((generation?.rateHzPerSecond.median ?? NaN) - 0.87)).toBeLessThan(0.09);
    expect(Math.abs((campus?.rateHzPerSecond.median ?? NaN) - 2.16)).toBeLessThan(0.22);
    expect(campus?.highestHz.median).toBeGreaterThan(61);
    expect(campus?.shedHours).toBe(0);
  });
});
