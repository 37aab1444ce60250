import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startTwin, type TestTwin } from '../support/twin.js';
import { builtApi, builtPage, chromiumPath, launchChromium } from './support.js';

const isMissing = chromiumPath === undefined || !existsSync(builtApi) || !existsSync(builtPage);
const title = isMissing ? 'two people at a twin, skipped: no Chromium or no build' : 'two people at a twin whose controls ask for two';

describe.skipIf(isMissing)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadstone-people-'));
  let twin: TestTwin;
  let browser: Browser;
  let ana: Page;
  let bo: Page;
  let url: string;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    const file = join(folder, 'two.json');
    writeFileSync(file, JSON.stringify({ ...threeAreas, controls: 'two-person' }));
    twin = await startTwin('--scenario', file, '--rate', '300');
    url = twin.endpoints().api.url;
    for (const [name, role] of [
      ['ana', 'operator'],
      ['bo', 'operator'],
      ['cy', 'observer'],
    ] as const) {
      const { stdout } = await twin.cli('access', 'grant', name, '--role', role);
      tokens[name] = stdout.trim();
    }
    browser = await launchChromium();
    [ana, bo] = [await pageOf('ana'), await pageOf('bo')];
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await twin?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function pageOf(name: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${url}/#campuses/riverbend`);
    await page.waitForSelector('[data-campus-detail="riverbend"]');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Token').fill(tokens[name] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector(`[data-person="${name}"]`);
    return page;
  }

  /** Asks for something through the dialog: its effect first, then why. */
  async function order(page: Page, action: string, target: string): Promise<string> {
    const place = page.locator(`[data-order="${action}/${target}"]`);
    await place.getByRole('button').click();
    const effect = await place.locator('p').first().innerText();
    await place.getByLabel('Why').fill('test of two');
    await place.locator('button[type=submit]').click();
    return effect.replaceAll('\u00a0', ' ');
  }

  const post = (token: string | null, path: string, body: unknown): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  const messageOf = async (answer: Response): Promise<string> => ((await answer.json()) as { error: { message: string } }).error.message;

  it('one is enough toward safety: a run is paused, with its effect shown before', async () => {
    expect(await order(ana, 'pause-run', 'atlas')).toMatch(
      /atlas draws \d+ MW and falls to 26 MW; [\d,]+ accelerator-hours since its last checkpoint/,
    );
    await expect.poll(() => ana.locator('[data-run="atlas"]').innerText(), { timeout: 20_000 }).toContain('paused');
  });

  it('away from it the same person cannot confirm what they proposed, and the second can; both see it within a second', async () => {
    await order(ana, 'resume-run', 'atlas');
    await ana.locator('[data-proposal="atlas"]').waitFor();
    expect(await ana.locator('[data-proposal="atlas"]').innerText()).toContain('Another operator has to confirm it');
    await expect.poll(() => bo.locator('[data-proposal="atlas"]').count(), { timeout: 1_000 }).toBe(1);
    const [waiting] = (await (await fetch(`${url}/api/proposals`)).json()) as { id: string; hash: string }[];
    const same = await post(tokens['ana'] ?? '', '/api/proposals/confirm', { proposal: waiting?.id, hash: waiting?.hash });
    expect([same.status, await messageOf(same)]).toEqual([409, 'proposal: found ana, who proposed it, allowed: another operator']);
    const edited = await post(tokens['bo'] ?? '', '/api/proposals/confirm', { proposal: waiting?.id, hash: `${waiting?.hash ?? ''}0` });
    expect([edited.status, await messageOf(edited)]).toEqual([
      409,
      'proposal: found something else than was shown, allowed: exactly what was proposed',
    ]);
    expect(await ana.locator('[data-run="atlas"]').innerText()).toContain('paused');
    await bo.locator('[data-proposal="atlas"]').getByRole('button', { name: 'Confirm' }).click();
    for (const page of [ana, bo]) await expect.poll(() => page.locator('[data-proposal]').count(), { timeout: 1_000 }).toBe(0);
    await expect.poll(() => bo.locator('[data-run="atlas"]').innerText(), { timeout: 30_000 }).toMatch(/running|restoring|throttled/);
    const again = await post(tokens['bo'] ?? '', '/api/proposals/confirm', { proposal: waiting?.id, hash: waiting?.hash });
    expect([again.status, await messageOf(again)]).toEqual([409, expect.stringContaining('does not wait any more')]);
  });

  it('nobody without a token, with a wrong one, or as an observer changes anything, and a person is nobody else', async () => {
    const body = { action: 'pause-run', target: 'boreas', actor: 'somebody else', reason: 'test' };
    expect(await messageOf(await post(null, '/api/inject', body))).toContain('access: found no token, allowed: an operator');
    expect(await messageOf(await post('ana.wrong', '/api/inject', body))).toContain('found a token that is not known');
    expect(await messageOf(await post(tokens['cy'] ?? '', '/api/inject', body))).toContain('found cy, observer');
    expect(await messageOf(await post(null, '/api/clock/pause', { reason: 'test' }))).toContain('access: found no token');
    expect((await post(tokens['ana'] ?? '', '/api/inject', body)).status).toBe(200);
    const { stdout } = await twin.cli('audit', 'list', '--json');
    const audits = JSON.parse(stdout) as { actor: string; confirmedBy: string; action: string; target: string }[];
    expect(audits.map(({ actor, confirmedBy, action, target }) => [actor, confirmedBy, action, target])).toEqual([
      ['ana', '', 'pause-run', 'atlas'],
      ['ana', 'bo', 'resume-run', 'atlas'],
      ['ana', '', 'pause-run', 'boreas'],
    ]);
  });

  it('what one notes for the shift, the other reads, and the command line too', async () => {
    await ana.goto(`${url}/#overview`);
    await ana.getByLabel('Note for the shift').fill('central-cc-3 <b>is</b> back on Thursday');
    await ana.getByLabel('Note for the shift').press('Enter');
    await bo.goto(`${url}/#streams`);
    await bo.getByText('ana notes: central-cc-3 <b>is</b> back on Thursday').waitFor({ timeout: 3_000 });
    const { stdout } = await twin.cli('control', 'log', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ actor: 'ana', note: 'central-cc-3 <b>is</b> back on Thursday' }]);
  });

  it('what is revoked ends with the next request, and tokens lie nowhere', async () => {
    await twin.cli('access', 'revoke', 'bo');
    const answer = await post(tokens['bo'] ?? '', '/api/inject', { action: 'pause-run', target: 'cinder', actor: 'bo', reason: 'test' });
    expect(await messageOf(answer)).toContain('found a token that is not known');
    await bo.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: 5_000 });
    const { stdout } = await twin.cli('access', 'list', '--json');
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(['ana', 'cy']);
    expect(stdout).not.toContain((tokens['ana'] ?? '').slice(4));
    expect(statSync(join(twin.home, 'access.json')).mode & 0o777).toBe(0o600);
  });

  it('from the command line the account of the machine proposes, and the record is one chain of hashes', async () => {
    const proposed = await twin.cli('inject', 'resume-run', 'boreas', '--reason', 'from a terminal', '--json');
    expect(JSON.parse(proposed.stdout)).toMatchObject({ accepted: false, proposal: { intent: { target: 'boreas' } } });
    const { stdout } = await twin.cli('control', 'list', '--json');
    const [waiting] = JSON.parse(stdout) as { id: string }[];
    const own = await twin.cli('control', 'confirm', waiting?.id ?? '');
    expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('who proposed it, allowed: another operator')]);
    await ana.locator('[data-proposal="boreas"]').getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(async () => (await twin.cli('audit', 'list')).stdout).toMatch(/resume-run\s+boreas/);
    const verified = await twin.cli('audit', 'verify');
    expect([verified.code, verified.stdout]).toEqual([0, '4 of 4 requests in one chain, none changed or missing\n']);
  });
});
