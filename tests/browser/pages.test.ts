import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleTable } from '../../services/api/viewTypes.js';
import type { Moment } from '../../services/api/moment.js';
import { initialView, observe } from '../../services/api/view.js';
import { storeWorld } from '../../shared/bus/world.js';
import { readEndpoints } from '../../shared/runtime/config.js';
import type { Fact } from '../../shared/domain/fact.js';
import { fromWire, minuteMs, toWire } from '../../shared/domain/ticks.js';
import type { World } from '../../shared/scenario/schema.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { startServers, type TestServers } from '../support/stack.js';
import { sceneFacts } from './scene.js';
import { builtApi, builtPage, chromiumPath, launchChromium, publishScene, spawnApi, type ApiProcess } from './support.js';

const isMissing = chromiumPath === undefined || !existsSync(builtApi) || !existsSync(builtPage);
const title = isMissing ? 'the pages of the dashboard, skipped: no Chromium or no build' : 'the pages of the dashboard';
const ticks = 90;

/** A simulated day of the built-in world, over which a person looks in a real browser. */
describe.skipIf(isMissing)(title, () => {
  let servers: TestServers;
  let api: ApiProcess;
  let browser: Browser;
  let page: Page;
  let url: string;
  let world: World;
  let facts: readonly Fact[];
  const troubles: string[] = [];

  beforeAll(async () => {
    const resolved = await resolveWorld({ scenario: 'three-areas' });
    world = resolved.world;
    servers = await startServers({ nats: true, roots: ['twin'] });
    await storeWorld(await servers.connect('supervisor'), world, resolved.hash);
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(world, solver);
    const marks = sceneFacts(world, ticks).filter(({ component }) => component === 'clock');
    facts = Array.from({ length: ticks }, (_, tick) => [
      ...marks.filter((mark) => mark.tick === tick && mark.type !== 'clock.tick.v1'),
      ...fast.tick(),
      ...marks.filter((mark) => mark.tick === tick && mark.type === 'clock.tick.v1'),
    ]).flat();
    solver.close();
    await publishScene(servers, facts);
    url = readEndpoints(servers.home).api.url;
    api = await spawnApi(servers, url);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(url);
    await page.waitForSelector('.board');
  });
  afterAll(async () => {
    await browser?.close();
    await api?.kill();
    await servers?.stop();
  });

  const read = async (selector: string): Promise<string> => (await page.locator(selector).innerText()).replaceAll('\u00a0', ' ');

  it('lead from the overview to why a campus is capped, and to every step of it, in two clicks', async () => {
    await page.locator('[data-campus="riverbend"] a').click();
    expect(await read('[data-why="riverbend"]')).toMatch(/Capped: asked for \d+ MW less because price \d+ USD\/MWh above strike \d+/);
    await page.getByText('every step of it').click();
    const rungs = await read('[data-ladder^="riverbend/"] >> nth=0');
    expect(rungs).toMatch(/riverbend \d+ MW, accepted/);
    expect(rungs).toMatch(/● asked\s+\d+ \w+ \d\d:\d\d/);
    expect(rungs).toContain('● held');
    expect(page.url()).toContain('#flexibility/riverbend');
    expect(troubles).toEqual([]);
  });

  it('are changed by keys, and each place can be gone back to', async () => {
    await page.keyboard.press('2');
    await page.waitForSelector('.grid-page');
    await page.keyboard.press('4');
    await page.waitForSelector('.gantt');
    await page.goBack();
    await page.waitForSelector('.grid-page');
    expect(page.url()).toContain('#grid');
  });

  it('show what flows between regions, lines by loading, and interfaces at their limit', async () => {
    expect(await page.locator('[data-flow]').count()).toBe(3);
    expect(await page.locator('[data-region]').count()).toBe(3);
    const loadings = await page.locator('[data-line] .num').allInnerTexts();
    const ratios = loadings.map((text) => {
      const [mw = NaN, rating = NaN] = [...text.replaceAll(',', '').matchAll(/[\d.]+/g)].map(([found]) => Number(found));
      return mw / rating;
    });
    expect(ratios.length).toBe(5);
    expect([...ratios].sort((a, b) => b - a)).toEqual(ratios);
    await page.locator('.ring a').first().click();
    await expect.poll(() => read('[aria-label="Lines by loading"]')).toContain('of west');
  });

  it('show blocks and permits over time, with what each waits for', async () => {
    await page.keyboard.press('4');
    expect(await page.locator('[data-gantt="mesa/2"]').count()).toBe(1);
    expect(await page.locator('[data-gantt="mesa/2"] .track i').count()).toBeGreaterThan(1);
    expect(await read('[data-gantt="mesa/3"]')).toMatch(/Block 3 .*(waits for|permitting|planned)/s);
  });

  it('say on the page of streams how old the newest mark is, and who was missing', async () => {
    await page.keyboard.press('7');
    expect(await read('[aria-label="The stream"]')).toMatch(/missing in it\s+nobody/);
  });

  it('give a CSV of a chart that is what the chart draws', async () => {
    await page.keyboard.press('1');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Price as CSV' }).click()]);
    const [head = '', ...lines] = readFileSync((await download.path()) ?? '', 'utf8')
      .trim()
      .split('\n');
    expect(head).toBe('time,westUsdPerMwh,centralUsdPerMwh,southUsdPerMwh');
    const series = (await (await fetch(`${url}/api/series`)).json()) as SampleTable;
    const places = ['price/west', 'price/central', 'price/south'].map((name) => series.columns.indexOf(name));
    const wanted = series.rows.map((row) => [new Date(row[0] ?? 0).toISOString(), ...places.map((place) => row[place] ?? '')].join(','));
    expect(lines).toEqual(wanted);
    expect(lines.length).toBe(ticks);
  });

  it('go back to any instant the stream holds, on the same pages, play on from there, and come back to now', async () => {
    const past = facts.filter(({ tick }) => tick <= 40).reduce(observe, initialView(world));
    const atTime = toWire(fromWire(world.clock.startTime) + 40 * 5 * minuteMs + 90_000);
    const moment = (await (await fetch(`${url}/api/at?time=${atTime}`)).json()) as Moment;
    expect(moment.view).toEqual(JSON.parse(JSON.stringify(past)));
    expect([moment.time, moment.rows.length]).toEqual([toWire(fromWire(world.clock.startTime) + 40 * 5 * minuteMs), 41]);
    await page.getByRole('button', { name: '◷ history' }).click();
    await page.locator('[data-moment]').waitFor();
    await page.getByLabel(/^Instant/).fill('2027-07-13T14:20');
    await page.getByLabel(/^Instant/).press('Enter');
    await page.locator(`[data-moment="${moment.time}"]`).waitFor();
    const demandMw = Object.values(past.regions).reduce((sum, { demand }) => sum + (demand?.demandMw ?? 0), 0);
    expect(await read('.supply .legend')).toContain(`demand ${Math.round(demandMw).toLocaleString('en-US')} MW`);
    await page.keyboard.press('Escape');
    await page.locator('[data-moment] button', { hasText: 'play' }).click();
    await expect.poll(() => page.locator('[data-moment]').getAttribute('data-moment'), { timeout: 6_000 }).not.toBe(moment.time);
    await page.locator('[data-moment] button', { hasText: 'back to now' }).click();
    expect(await page.locator('[data-moment]').count()).toBe(0);
    const wrong = await fetch(`${url}/api/at?time=2020-01-01T00:00:00Z`);
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringContaining('allowed: an RFC 3339 instant from 2027-07-13T17:00'),
    ]);
  });

  it('are dark or light as the person wants, and stay so', async () => {
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const before = await ground();
    await page.getByTitle('Dark or light').click();
    expect(await ground()).not.toBe(before);
    const after = await ground();
    await page.reload();
    await page.waitForSelector('.board');
    expect(await ground()).toBe(after);
    await page.getByTitle('Dark or light').click();
  });

  it('fit a phone, every one of them', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const key of ['1', '2', '3', '4', '5', '6', '7']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(50);
      expect([key, await page.evaluate('document.documentElement.scrollWidth <= 391')]).toEqual([key, true]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('are written as pictures when asked for', async () => {
    if (process.env['LOADSTONE_SCREENSHOT'] === undefined) return;
    for (const [key, name] of [
      ['2', 'grid'],
      ['3', 'campuses'],
      ['4', 'build-out'],
      ['5', 'flexibility'],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForTimeout(300);
      await page.screenshot({ path: fileURLToPath(new URL(`../../docs/page-${name}.png`, import.meta.url)) });
    }
  });
});
