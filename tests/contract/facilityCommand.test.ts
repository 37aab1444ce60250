import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/power.js';
import { readMeasured } from '../../services/cli/power/read.js';
import { fitRhythm } from '../../shared/domain/power/rhythm.js';
import { measuredSteps } from '../../shared/domain/power/stepSwings.js';
import { calendar, readEpw } from '../../shared/scenario/epw.js';
import { plainFacility } from '../../shared/scenario/plain.js';
import { runCommand } from '../support/commandLine.js';
import { dipsFile, noWeather, weatherFile } from '../support/data.js';

interface Campus {
  readonly campusMw: number;
  readonly states: readonly { readonly duty: string; readonly campusMw: number; readonly rackKw: number; readonly pueRatio: number }[];
  readonly shares: Readonly<Record<string, number>>;
  readonly curve: readonly { readonly outsideC: number; readonly pueRatio: number }[];
  readonly year?: {
    readonly meanOutsideC: number;
    readonly meanPueRatio: number;
    readonly hoursAboveLimit: number;
    readonly hottest: Readonly<Record<string, number>>;
  };
}

/** An EPW file of a year that is 10 C but for some hours, each given as the columns of its row to change. */
function epwOf(change: (rows: string[][], head: string[]) => void = () => undefined, isLeap = false): string {
  const head = [
    'LOCATION,Nowhere,XX,YYY,TMYx,000000,40.0,-80.0,-5.0,100.0',
    'DESIGN CONDITIONS,0',
    'TYPICAL/EXTREME PERIODS,0',
    'GROUND TEMPERATURES,0',
    'HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0',
    'COMMENTS 1,none',
    'COMMENTS 2,none',
    'DATA PERIODS,1,1,Data,Sunday,1/1,12/31',
  ];
  const rows = calendar(isLeap).map(([month, day, hour]) => [
    '2015',
    String(month),
    String(day),
    String(hour),
    '0',
    '?9',
    '10.0',
    '5.0',
    '70',
  ]);
  change(rows, head);
  const path = join(mkdtempSync(join(tmpdir(), 'loadstone-epw-')), 'site.epw');
  writeFileSync(path, [...head, ...rows.map((row) => row.join(','))].join('\r\n'));
  return path;
}

describe('power facility', () => {
  it('fills a campus at its temperature and says what its shares are beside those of the twin', async () => {
    const { out } = await runCommand(register, ['power', 'facility', '--campus-mw', '2000', '--outside', '30', '--json']);
    const told = JSON.parse(out) as Campus & { readonly evidence: string };
    expect(told.evidence).toBe('assumed');
    expect(told.states.map(({ duty }) => duty)).toEqual(['full', 'capped', 'paused']);
    expect(told.states[0]?.campusMw).toBeCloseTo(2_000, 1);
    expect(told.states[0]?.rackKw).toBeCloseTo(33.6, 9);
    expect(told.shares['pausedRatio']).toBeCloseTo((told.states[2]?.campusMw ?? 0) / (told.states[0]?.campusMw ?? 1), 9);
    expect(told.shares).toMatchObject({ twinPausedRatio: 0.2, twinCapEffectRatio: 0.6 });
    const [full, capped] = told.states;
    const takenOff = 1 - (capped?.campusMw ?? 0) / (full?.campusMw ?? 1);
    expect(told.shares['capEffectRatio']).toBeCloseTo(takenOff / 0.3, 9);
    const pue = told.curve.map(({ pueRatio }) => pueRatio);
    expect(pue).toEqual([...pue].sort((a, b) => a - b));
  });

  it('takes several sizes, and the usual blocks of a span', async () => {
    const sizesOf = async (text: string): Promise<readonly number[]> => {
      const { out } = await runCommand(register, ['power', 'facility', '--campus-mw', text, '--json']);
      return (JSON.parse(out) as { readonly campuses: readonly Campus[] }).campuses.map(({ campusMw }) => campusMw);
    };
    expect(await sizesOf('100..2000')).toEqual([100, 200, 500, 1_000, 2_000]);
    expect(await sizesOf('150,1200')).toEqual([150, 1_200]);
  });

  it('gives up accelerators in the hours that are too hot for the connection', async () => {
    const file = epwOf((rows) => {
      for (const hour of [4_000, 4_001]) (rows[hour] as string[])[6] = '41.5';
    });
    const { out } = await runCommand(register, ['power', 'facility', '--campus-mw', '300', '--weather', file, '--json']);
    const { year } = JSON.parse(out) as Campus;
    expect(year?.hoursAboveLimit).toBe(2);
    expect(year?.meanOutsideC).toBeCloseTo(10 + (2 * 31.5) / 8_760, 9);
    // Hour 4,000 from 0: day 167 of the year begins with hour 3,984; it is 16 June.
    expect(year?.hottest).toMatchObject({ month: 6, day: 16, hourEnding: 17, outsideC: 41.5 });
    expect(year?.hottest['lostMw']).toBeGreaterThan(30);
  });

  it.each([
    ['--campus-mw', 'big', /--campus-mw: found "big", allowed: a number from 0.1 to 10000/],
    ['--campus-mw', '300..400', /--campus-mw: found "300..400", allowed: MW, MW,MW or a span/],
    ['--outside', '0x10', /--outside: found "0x10", allowed: a number from -50 to 60/],
    ['--cap', '1.2', /--cap: found "1.2", allowed: a number from 0 to 1/],
  ])('refuses %s %s', async (option, value, message) => {
    await expect(runCommand(register, ['power', 'facility', option, value])).rejects.toThrow(message);
  });
});

describe('a year of weather in a file', () => {
  it('is read with 29 February and without, and with other line ends', async () => {
    expect((await readEpw(epwOf())).outsideC).toHaveLength(8_760);
    const leap = await readEpw(epwOf((rows) => ((rows[1_420] as string[])[6] = '-12.5'), true));
    expect([leap.outsideC.length, leap.outsideC[1_420], leap.place]).toEqual([8_784, -12.5, 'Nowhere, XX, YYY']);
  });

  const cell = (row: number, column: number, value: string) => (rows: string[][]) => ((rows[row] as string[])[column] = value);
  it.each([
    ['a missing temperature', cell(99, 6, '99.9'), /:108: dry bulb: found "99.9", allowed: a number in C above -70 and below 70/],
    ['a temperature that is none', cell(0, 6, 'hot'), /:9: dry bulb: found "hot"/],
    ['an hour out of order', cell(30, 3, '9'), /:39: hour: found "9", allowed: 7, the next hour of the year/],
    ['a day that is missing', cell(24, 2, '3'), /:33: day: found "3", allowed: 2/],
    ['a cut row', (rows: string[][]) => (rows[50] as string[]).splice(4), /:59: row: found 4 columns, allowed: at least 7/],
    ['half a year', (rows: string[][]) => rows.splice(4_000), /:4008: rows: found 4000 hours, allowed: 8760/],
    ['another head', (_: string[][], head: string[]) => (head[0] = 'time,celsius'), /:1: LOCATION: found "time,celsius"/],
    [
      'two rows an hour',
      (_: string[][], head: string[]) => (head[7] = 'DATA PERIODS,1,2,Data'),
      /:8: DATA PERIODS: found 1 periods of 2 rows/,
    ],
    ['a lost header line', (_: string[][], head: string[]) => head.splice(5, 1), /:8: DATA PERIODS: found "2015"/],
  ])('refuses %s by line', async (_, change, message) => {
    await expect(readEpw(epwOf(change))).rejects.toThrow(message);
  });
});

describe.skipIf(weatherFile === null)(`a typical year in Virginia${weatherFile === null ? ` (${noWeather})` : ''}`, () => {
  it('is as warm as scenarios take it to be that say nothing of theirs', async () => {
    const { outsideC } = await readEpw(weatherFile ?? '');
    const mean = outsideC.reduce((sum, celsius) => sum + celsius, 0) / outsideC.length;
    const wave = (hours: number): readonly [swingC: number, topHour: number] => {
      const [cos, sin] = [Math.cos, Math.sin].map((of) =>
        outsideC.reduce((sum, celsius, hour) => sum + celsius * of((2 * Math.PI * (hour + 0.5)) / hours), 0),
      ) as [number, number];
      const top = (Math.atan2(sin, cos) / (2 * Math.PI)) * hours;
      return [(4 * Math.hypot(cos, sin)) / outsideC.length, top < 0 ? top + hours : top];
    };
    const { outside } = plainFacility;
    expect(outside.meanC).toBeCloseTo(mean, 1);
    expect(outside.yearlyC).toBeCloseTo(wave(8_760)[0], 1);
    expect(outside.dailyC).toBeCloseTo(wave(24)[0], 1);
    expect(Math.abs(wave(24)[1] - outside.hottestHour)).toBeLessThan(0.5);
    expect(Math.abs(wave(8_760)[1] / 24 + 1 - outside.hottestDay)).toBeLessThan(1.5);
  });
});

describe.skipIf(!existsSync(dipsFile))(
  `the steps that power swings takes${existsSync(dipsFile) ? '' : ' (gpu-power not found: set LOADSTONE_DATA)'}`,
  () => {
    it('are those of the record', async () => {
      const { measured } = await readMeasured(dipsFile);
      const rows = measured.flatMap((one) => one.rows);
      const rhythm = fitRhythm(
        rows.map((row) => ({
          startSeconds: row.number('start_s'),
          endSeconds: row.number('end_s'),
          dropRatio: row.number('drop_pct') / 100,
        })),
      );
      expect(rhythm?.periodSeconds).toBeCloseTo(measuredSteps.periodSeconds, 6);
      expect(rhythm?.dipSeconds).toBeCloseTo(measuredSteps.dipSeconds, 6);
      expect(rhythm?.dropRatio).toBeCloseTo(measuredSteps.dropRatio, 3);
      expect((rows[0]?.number('baseline_W') ?? 0) / 64).toBeCloseTo(measuredSteps.baselineW, 0);
    });
  },
);

describe('power swings', () => {
  it('says what storage in the racks makes of them and what a ramp needs', async () => {
    const words = ['power', 'swings', '--accelerators', '16384,100000', '--limit', '20', '--json'];
    const { out } = await runCommand(register, words);
    const told = JSON.parse(out) as {
      readonly evidence: string;
      readonly neededJoules: number;
      readonly site: readonly { readonly smoothing: string; readonly rampMwPerSecond: number; readonly isWithinLimit: boolean }[];
    };
    expect(told.evidence).toBe('calibrated');
    expect(told.site.map(({ smoothing, isWithinLimit }) => `${smoothing} ${isWithinLimit}`)).toEqual([
      'none false',
      'filter false',
      'levelling false',
    ]);
    const enough = await runCommand(register, [...words, '--smoothing', String(told.neededJoules)]);
    expect((JSON.parse(enough.out) as typeof told).site[1]?.isWithinLimit).toBe(true);
  });

  it('calls figures of one own assumed', async () => {
    const { out } = await runCommand(register, ['power', 'swings', '--accelerators', '1000', '--drop', '0.5', '--json']);
    expect(JSON.parse(out)).toMatchObject({ evidence: 'assumed', rhythm: { dropRatio: 0.5 } });
  });

  it.each([
    [['--accelerators', '1.5'], /--accelerators: found "1.5", allowed: whole numbers from 1/],
    [['--accelerators', '10', '--dip', '20'], /--dip: found 20 s, allowed: below --period, 10.4 s/],
    [['--accelerators', '10', '--edge', '3'], /--edge: found 3 s, allowed: up to 2.6 s/],
    [['--accelerators', '10', '--limit', '-1'], /--limit: found "-1", allowed/],
  ])('refuses %j', async (options, message) => {
    await expect(runCommand(register, ['power', 'swings', ...options])).rejects.toThrow(message);
  });
});
