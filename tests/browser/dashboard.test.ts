import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeWorld } from '../../shared/bus/world.js';
import { readEndpoints } from '../../shared/runtime/config.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { startServers, type TestServers } from '../support/stack.js';
import { sceneFacts } from './scene.js';
import { builtApi, builtPage, chromiumPath, launchChromium, publishScene, spawnApi, type ApiProcess } from './support.js';

const missing = [
  chromiumPath === undefined ? 'no Chromium here (Debian: apt-get install chromium; or set LOADSTONE_CHROMIUM)' : null,
  existsSync(builtApi) && existsSync(builtPage) ? null : 'dist/ is not built (npm run build)',
].filter((reason) => reason !== null);
const title = missing.length === 0 ? 'the dashboard in a browser' : `the dashboard in a browser, skipped: ${missing.join('; ')}`;

/** Pause between two ticks of the scene, wall ms: with it the clock stays fresh. */
const tickMs = 400;
const firstTicks = 90;

describe.skipIf(missing.length > 0)(title, () => {
  let servers: TestServers;
  let api: ApiProcess;
  let browser: Browser;
  let page: Page;
  let url: string;
  let isEnding = false;
  let playing: Promise<void>;
  const troubles: string[] = [];

  beforeAll(async () => {
    const { world, hash } = await resolveWorld({ scenario: 'three-areas' });
    servers = await startServers({ nats: true, roots: ['twin'] });
    await storeWorld(await servers.connect('supervisor'), world, hash);
    const facts = sceneFacts(world, 400);
    await publishScene(
      servers,
      facts.filter(({ tick }) => tick < firstTicks),
    );
    url = readEndpoints(servers.home).api.url;
    api = await spawnApi(servers, url);
    playing = (async () => {
      for (let tick = firstTicks; tick < 400 && !isEnding; tick++) {
        await publishScene(
          servers,
          facts.filter((fact) => fact.tick === tick),
        );
        await new Promise((resolve) => setTimeout(resolve, tickMs));
      }
    })();
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    await page.goto(url);
    await page.waitForSelector('.board');
  });
  afterAll(async () => {
    isEnding = true;
    await playing;
    await browser.close();
    await api.kill();
    await servers.stop();
  });

  /** What is read in a part of the page, with plain spaces. */
  const read = async (selector: string): Promise<string> => (await page.locator(selector).innerText()).replaceAll('\u00a0', ' ');

  it('shows the state word, each campus against its limit, each run, each permit, and what happened', async () => {
    expect(await page.locator('[data-state]').getAttribute('data-state')).toBe('warning');
    expect(await read('[data-campus="riverbend"]')).toMatch(/Riverbend.*\n?.*\d+ of 600 MW/);
    expect(await read('[data-campus="riverbend"]')).toContain('asked to give 126 MW');
    expect(await read('[data-run="cinder"]')).toMatch(/paused.*holding/s);
    expect(await read('[data-block="mesa/2"]')).toContain('energized');
    expect(await read('[data-permit="mesa-block-3-air"]')).toContain('place 8 in the queue');
    expect(await read('[data-alarm="reserve-low"]')).toContain('Operating reserve 870 MW');
    expect(await read('.tail')).toContain('Unit central-cc-3 trips, 450 MW lost');
    expect(await read('.mode')).toBe('● LIVE');
    expect(troubles).toEqual([]);
  });

  it('shows the N-1 badge, what the worst single losses leave uncovered, and frequency after them', async () => {
    expect(await page.locator('[data-n1]').getAttribute('data-n1')).toBe('violated');
    expect(await read('[data-n1]')).toBe('▲ N-1: 2 pairs, worst west-central-2 104 % after west-central-1');
    expect(await read('[data-cover="up"]')).toBe('▲ Loss of a unit: 120 MW short, 59.86 Hz');
    expect(await read('[data-cover="down"]')).toBe('● Loss of campuses: covered, 60.12 Hz');
    expect(await page.locator('[data-cover="up"]').getAttribute('title')).toContain('central-nuclear-1');
    expect(await read('.state .sentence')).toContain('Running units cover the loss of central-nuclear-1 (800 MW) but for 120 MW.');
  });

  it('moves with the twin, and draws its charts', async () => {
    const clock = page.locator('.clock time b');
    const before = await clock.innerText();
    await expect.poll(() => clock.innerText()).not.toBe(before);
    expect(await page.locator('canvas').count()).toBe(3);
    expect(await read('.supply .legend')).toMatch(/nuclear 800 MW/);
  });

  it('writes every instant in UTC when asked to', async () => {
    const local = await read('.clock time b');
    await page.locator('.clock button').click();
    expect(await read('.clock button')).toContain('UTC');
    const utc = await read('.clock time b');
    const hours = (Number(utc.slice(0, 2)) - Number(local.slice(0, 2)) + 24) % 24;
    expect([6, 7]).toContain(hours);
    await page.locator('.clock button').click();
  });

  it('says why an intent was not taken', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => page.locator('.refusal').count()).toBe(1);
    expect(await read('.refusal')).toContain('clock: ');
    await page.locator('.refusal button').click();
    troubles.length = 0;
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is written as a picture when asked for', async () => {
    if (process.env['LOADSTONE_SCREENSHOT'] === undefined) return;
    await page.screenshot({ path: fileURLToPath(new URL('../../docs/dashboard.png', import.meta.url)) });
  });

  it('says over the whole page that the api is gone, greys its values, and recovers by itself', async () => {
    await api.kill();
    await expect.poll(() => page.locator('.banner.bad').count(), { timeout: 5_000 }).toBe(1);
    expect(await read('.banner')).toContain('Connection lost');
    expect(await page.locator('.board').getAttribute('data-stale')).toBe('true');
    expect(await read('.mode')).toContain('LOST');
    expect(Number(await page.evaluate("getComputedStyle(document.querySelector('.state .figures')).opacity"))).toBeLessThan(0.6);
    const heard = await page.locator('.tail li').count();
    api = await spawnApi(servers, url);
    await expect.poll(() => page.locator('.banner').count(), { timeout: 10_000 }).toBe(0);
    expect(await page.locator('.board').getAttribute('data-stale')).toBe('false');
    expect(await page.locator('.tail li').count()).toBe(heard);
  });

  it('says that no new data comes when the clock stands still without being paused', async () => {
    isEnding = true;
    await playing;
    await expect.poll(() => page.locator('.banner.caution').count(), { timeout: 10_000 }).toBe(1);
    expect(await read('.mode')).toBe('▲ STALE');
    expect(await page.locator('.board').getAttribute('data-stale')).toBe('true');
  });
});
