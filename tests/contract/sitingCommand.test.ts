import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import { register } from '../../services/cli/commands/siting.js';
import type { LineAnswer } from '../../services/cli/siting/lineAnswer.js';
import type { RankAnswer } from '../../services/cli/siting/rankAnswer.js';
import type { SiteTestAnswer } from '../../services/cli/siting/testAnswer.js';
import { writeNetwork } from '../../shared/scenario/networkFile.js';
import { runCommand } from '../support/commandLine.js';
import { epochDir, noEpoch } from '../support/data.js';
import { windyWorld } from '../support/sitingWorlds.js';

let folder = '';
let network = '';
const put = async (name: string, lines: readonly string[]): Promise<string> => {
  await writeFile(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-siting-'));
  network = join(folder, 'windy.json');
  const { name, regions, network: grid, series } = windyWorld(72);
  await writeNetwork(network, { schema: 'loadstone.network/1', name, regions, network: grid, series, warnings: [] });
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...words: string[]) => runCommand(register, ['siting', ...words]);

/** What a command prints as JSON, which fits its schema. */
async function answerOf<Answer>(...words: string[]): Promise<Answer> {
  const answer: unknown = JSON.parse((await run(...words, '--json')).out);
  const { out } = await runCommand(registerSchema, ['schema', `siting-${words[0]}`]);
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  return answer as Answer;
}

describe('siting rank', () => {
  it('puts the bus with the wind first, names what is missing and what holds the others', async () => {
    const answer = await answerOf<RankAnswer>('rank', network, '--mw', '30', '--redispatch', '1');
    expect(answer).toMatchObject({ hours: 72, feasible: 2, infeasible: 1, base: { unservedMwh: 0 } });
    expect(answer.sites.map(({ bus, rank, isPareto }) => [bus, rank, isPareto])).toEqual([
      ['a', 1, true],
      ['b', 2, true],
      ['c', null, false],
    ]);
    const [first, , last] = answer.sites;
    expect(first?.surplusMwh).toBeCloseTo(3 * 12 * 140, 3);
    expect(first?.takenMwh).toBeCloseTo(3 * 12 * 30, 3);
    expect(first?.campusYear?.netAbsorbedMwh).toBeCloseTo(3 * 12 * 30, 3);
    expect(first?.hosting.mw[0]).toBeCloseTo(60, 3);
    expect(last?.hosting.limit).toBe('b-c');
    expect(answer.used).toEqual(['surplus', 'hosting', 'price', 'carbon']);
    expect(answer.missing.map(({ criterion }) => criterion)).toEqual(['latency', 'water', 'permits', 'network']);
  });

  it('takes facts with their sources, leaves out what is not known of all, and follows weights', async () => {
    const facts = await put('facts.csv', [
      'bus,latitude,longitude,permitMonths,permitMonthsSource,networkUsd',
      'a,40,-100,30,county,',
      'b,40,-99,6,county,5e6',
      'c,40,-98,6,county,1e6',
    ]);
    const words = ['rank', network, '--mw', '30', '--sites', facts, '--redispatch', '0'];
    const answer = await answerOf<RankAnswer>(...words, '--weights', 'permits=3,surplus=1,network=1');
    expect(answer.sites[0]?.bus).toBe('b');
    expect(answer.used).toEqual(['surplus', 'permits']);
    expect(answer.missing).toEqual([{ criterion: 'network', knownSites: 1 }]);
    expect(answer.facts.find(({ fact }) => fact === 'permitMonths')).toMatchObject({ evidence: 'measured', basis: 'county' });
    expect(answer.facts.find(({ fact }) => fact === 'networkUsd')?.evidence).toBe('assumed');
    expect(answer.facts.find(({ fact }) => fact === 'latency')?.evidence).toBe('assumed');
    expect(answer.sites.every(({ latencyMs }) => latencyMs !== null && latencyMs > 0)).toBe(true);
    const { out } = await run(...words);
    expect(out).toMatch(/a campus of 30 MW with at most 0.5 % of its energy curtailed: 2 of 3 sites/);
    expect(out).toMatch(/not in the score: water, known of 0 of 2 sites/);
    expect(out).toMatch(/not feasible: 1 sites, held by b-c \(1\)/);
  });

  it('has the same room after the loss of a line where all lines are radial: what one cuts off is not weighed', async () => {
    const answer = await answerOf<RankAnswer>('rank', network, '--mw', '30', '--security', 'n-1', '--redispatch', '0');
    for (const { hosting, secureHosting } of answer.sites) expect(secureHosting?.mw).toEqual(hosting.mw);
  });
});

describe('siting test of a network', () => {
  it('moves what is built, says where it does not fit and by which limit, and is open where nothing can be seen', async () => {
    const built = await put('built.csv', ['bus,mw', 'c,15', 'c,15', 'b,8']);
    const words = ['test', network, '--built', built, '--among', 'network', '--moves', '3', '--draws', '500'];
    const answer = await answerOf<SiteTestAnswer>(...words);
    expect(answer.sites.map(({ site, mw, isFeasible }) => [site, mw, isFeasible])).toEqual([
      ['c', 30, false],
      ['b', 8, true],
    ]);
    expect(answer.failing[0]).toMatchObject({ site: 'c', places: 3, failing: [{ node: 'c', limit: 'b-c' }] });
    expect(answer.moves?.built.shortBy[0]).toMatchObject({ limit: 'b-c', hours: 72 });
    expect(answer.moves?.built.effect.unservedMwh).toBeCloseTo(72 * 10, 3);
    expect(answer.moves?.moved).toHaveLength(3);
    expect(answer.verdict).toMatchObject({ word: 'open', evidence: 'assumed' });
    expect(answer.moves?.built.powerMonths).toBeNull();
    const sites = await put('months.csv', ['bus,powerMonths,powerMonthsSource', 'a,20,county', 'b,31,county', 'c,44,county']);
    const timed = await answerOf<SiteTestAnswer>(...words, '--sites', sites);
    expect(timed.moves?.built.powerMonths).toBe(44);
    for (const { loads, powerMonths } of timed.moves?.moved ?? [])
      expect(powerMonths).toBe(Math.max(...loads.map(({ bus }) => ({ a: 20, b: 31 })[bus] ?? 44)));
    const { out } = await run(...words);
    expect(out).toMatch(/30 MW of c do not fit at 1 of 3 places: c \(20 MW, b-c\)/);
    expect(out).toMatch(/verdict \(this scenario alone\): open/);
    expect((await answerOf<SiteTestAnswer>(...words)).result).toEqual(answer.result);
  });
});

describe('siting test of real sites', () => {
  const header = 'site,latitude,longitude,mw';

  it('finds sites that were put where surplus is, on nodes as siting rank writes them with a source beside', async () => {
    const out = join(folder, 'nodes.csv');
    await run('rank', network, '--mw', '10', '--redispatch', '0', '--out', out);
    expect((await readFile(out, 'utf8')).split('\n')[0]).toBe('node,region,latitude,longitude,surplusMw,hostingMw,population');
    const nodes = await put('many.csv', [
      'node,region,latitude,longitude,surplusMw,population,takenMw,source',
      ...Array.from({ length: 60 }, (_, n) => `n${n},r,30,${-100 + 0.5 * n},${n},${60 - n},0,plan of 2026`),
    ]);
    const sitesAt = (nodeOf: (site: number) => number) =>
      Array.from({ length: 32 }, (_, n) => `s${n},30.01,${-100 + 0.5 * nodeOf(n)},${50 + n}`);
    const good = await put('good.csv', [header, ...sitesAt((n) => 59 - n)]);
    const answer = await answerOf<SiteTestAnswer>('test', good, '--surplus', nodes, '--draws', '2000');
    expect(answer.verdict).toEqual({ word: 'supported', evidence: 'measured', reason: expect.any(String) as string });
    expect(answer.result?.pValue).toBeLessThan(0.01);
    const poor = await put('poor.csv', [header, ...sitesAt((n) => n)]);
    expect((await answerOf<SiteTestAnswer>('test', poor, '--surplus', nodes, '--draws', '2000')).verdict.word).toBe('contradicted');
    const few = await put('few.csv', [header, ...sitesAt((n) => 59 - n).slice(0, 5), 'lost,60,0,10', 'later,30,-90,0']);
    const open = await answerOf<SiteTestAnswer>('test', few, '--surplus', nodes, '--draws', '500');
    expect(open.verdict).toMatchObject({ word: 'open', reason: '5 real sites, 30 are needed' });
    expect(open.leftOut).toEqual({ withoutMw: 1, outside: [], beyondReach: ['lost'] });
  });

  it.skipIf(epochDir === null)(`says what the sites of Epoch could show${epochDir === null ? ` (${noEpoch})` : ''}`, async () => {
    const answer = await answerOf<SiteTestAnswer>('test', join(epochDir ?? '', 'data_centers.csv'));
    expect(answer.sites).toHaveLength(8);
    expect(answer.effectiveSites).toBeCloseTo(6.75, 2);
    expect(answer.power.critical).toBeCloseTo(0.684, 2);
    expect(answer.power.detectableMean).toBeCloseTo(0.75, 2);
    expect(answer.result).toBeNull();
    expect(answer.verdict.word).toBe('open');
    expect(answer.leftOut).toMatchObject({ withoutMw: 2, outside: ['Alibaba Zhangbei Zhangjiakou Hebei'] });
  });
});

describe('siting line', () => {
  it('compares a campus at the surplus with one at the load and a line, and decides nothing on assumed inputs', async () => {
    const words = ['line', network, '--mw', '50', '--miles', '100', '--years', '20'];
    const answer = await answerOf<LineAnswer>(...words);
    expect(answer).toMatchObject({ surplusBus: 'a', loadBus: 'c', lineKind: 'interstate', verdict: { word: 'open', evidence: 'assumed' } });
    expect(answer.ways.map(({ way, unservedMwh }) => [way, Math.round(unservedMwh)])).toEqual([
      ['at-surplus', 0],
      ['at-load', 72 * 30],
      ['at-load-with-line', 0],
    ]);
    const { out } = await run(...words);
    expect(out).toMatch(/at the surplus against the line: cheaper in 100 % of the years/);
  });
});

describe('wrong input of siting ends in one line', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown bus', ['rank', 'NET', '--buses', 'a,z'], /^--buses: found z, allowed: a bus of small, such as a$/],
    ['an unknown criterion', ['rank', 'NET', '--weights', 'sun=1'], /^--weights: found sun=1, allowed: NAME=NUMBER .*surplus, hosting/],
    ['weights of nothing', ['rank', 'NET', '--weights', 'price=0'], /^--weights: found 0 throughout/],
    ['a share above 100', ['rank', 'NET', '--flex', '120'], /^--flex: found 120, allowed: a percentage/],
    ['a network without campuses', ['test', 'NET'], /campuses: found none above 0 MW, allowed: a scenario with campuses, or --built FILE/],
    [
      'surplus of nodes with a network',
      ['test', 'NET', '--surplus', 'x.csv'],
      /^--surplus: found with a network, allowed: with a file of sites/,
    ],
    ['no coordinates', ['line', 'NET', '--at', 'a', '--for', 'c'], /^--miles: found nothing, and .* has no coordinates/],
    ['one bus for both ends', ['line', 'NET', '--at', 'a', '--for', 'a', '--miles', '1'], /^--for: found a, where surplus is too/],
    [
      'months that fall',
      ['line', 'NET', '--miles', '9', '--line-months', '9,3,1'],
      /^--line-months: found 9,3,1, allowed: months as one number/,
    ],
  ])('%s', async (_what, words, message) => {
    await expect(run(...words.map((word) => (word === 'NET' ? network : word)))).rejects.toThrow(message);
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'a latitude beyond the pole',
      ['site,latitude,longitude,mw', 'x,95,0,10'],
      /x.csv:2: latitude: found "95", allowed: degrees from -90 to 90/,
    ],
    ['minutes above 60', ['site,latitude,longitude,mw', '"x","32°75\'00""N",0,10'], /x.csv:2: latitude: found .*75/],
    ['MW below 0', ['site,latitude,longitude,mw', 'x,30,0,-5'], /x.csv:2: mw: found -5, allowed: a number from 0/],
    ['MW that are no number', ['site,latitude,longitude,mw', 'x,30,0,big'], /x.csv:2: mw: found "big", allowed: a number/],
    ['MW of a country', ['site,latitude,longitude,mw', 'x,30,0,1e7'], /x.csv:2: mw: found 10000000, allowed: 0 to 100000 MW/],
    [
      'a site twice',
      ['site,latitude,longitude,mw', 'x,30,0,5', 'x,31,0,5'],
      /x.csv:3: site: found "x" a second time, allowed: every name once/,
    ],
    ['no coordinates', ['site,mw', 'x,5'], /x.csv: found columns site, mw, allowed: with latitude and longitude, or node/],
    ['a longitude missing', ['site,latitude,longitude,mw', 'x,30,,5'], /x.csv:2: longitude: found "", allowed: a number/],
    ['nothing built', ['site,latitude,longitude,mw', 'x,30,0,0'], /x.csv: mw: found no site above 0 MW/],
  ])('a file of sites with %s', async (_what, lines, message) => {
    await expect(run('test', await put('x.csv', lines))).rejects.toThrow(message);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['without surplus', ['node,latitude,longitude', 'n,30,0'], /n.csv: found columns node, latitude, longitude, allowed: with surplusMw/],
    ['with surplus below 0', ['node,latitude,longitude,surplusMw', 'n,30,0,-1'], /n.csv:2: surplusMw: found -1/],
    ['with a node twice', ['node,latitude,longitude,surplusMw', 'n,30,0,1', 'n,30,0,2'], /n.csv:3: node: found "n" a second time/],
    ['all too far away', ['node,latitude,longitude,surplusMw', 'n,-30,0,1'], /found no site within 100 km of a node/],
  ])('nodes %s', async (_what, lines, message) => {
    const sites = await put('x.csv', ['site,latitude,longitude,mw', 'x,30,0,5']);
    await expect(run('test', sites, '--surplus', await put('n.csv', lines))).rejects.toThrow(message);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an unknown bus', ['bus,permitMonths', 'z,5'], /f.csv:2: bus: found "z", allowed: a bus of the network, such as a/],
    ['water beyond its scale', ['bus,waterStress', 'a,7'], /f.csv:2: waterStress: found 7, allowed: 0 to 5/],
    ['nothing to tell', ['bus,colour', 'a,red'], /f.csv: found columns bus, colour, allowed: with latitude and longitude, waterStress/],
  ])('facts with %s', async (_what, lines, message) => {
    await expect(run('rank', network, '--sites', await put('f.csv', lines))).rejects.toThrow(message);
  });
});
