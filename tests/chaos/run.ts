import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bus } from '../../shared/bus/connect.js';
import { readStream } from '../../shared/bus/read.js';
import { ask } from '../../shared/bus/request.js';
import type { Fact } from '../../shared/domain/fact.js';
import { fromWire, hourMs, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { stopwatchMs, wallDelay, wallNow } from '../../shared/runtime/clock.js';
import type { ClockStatus, LetterLine } from '../../shared/bus/answers.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startTwin, type TestTwin } from '../support/twin.js';
import { checkAgainstKernel, checkFacts, checkOrders, type Findings } from './check.js';
import { lastRecoveries, mostRecoveryMs, report, type Campaign } from './campaign.js';
import { processesOf, strike } from './faults.js';
import { faultOf, ordersOf, type Fault, type OrderPlan } from './plan.js';

const stretchHours = 3;
const answerMs = 8_000;

/** Above this a campaign has long freezes among its faults, minutes. */
const longMinutes = 20;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' }, rest: { type: 'string', default: '0' } },
});
const minutes = Number(values.minutes);
const restSeconds = Number(values.rest);
const seed = Number(values.seed ?? wallNow() % 1_000_000);
if (!(minutes > 0) || !(restSeconds >= 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `chaos: found --minutes ${values.minutes} --rest ${values.rest} --seed ${values.seed ?? ''}, ` +
      'allowed: minutes above 0, seconds of rest between two stretches from 0, and a whole seed\n',
  );
  process.exit(2);
}
process.stderr.write(`chaos: seed ${seed}, ${minutes} min\n`);
process.exitCode = await main();

async function main(): Promise<number> {
  const startTime = threeAreas.clock.startTime;
  const twin = await startTwin('--scenario', 'three-areas', '--rate', 'max', '--hold-at', startTime.replace('17:00', '17:05'));
  const end = (): void => void twin.stop().then(() => process.exit(130));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    const bus = await twin.connect();
    const campaign: Campaign = {
      twin,
      bus,
      seed,
      minutes,
      restSeconds,
      untilMs: wallNow() + minutes * minuteMs,
      faults: [],
      orders: [],
      progress: [],
      rests: [],
      tick: 0,
      isStruck: false,
      quietSinceMs: null,
      quiets: 0,
    };
    const beganMs = stopwatchMs();
    await Promise.all([live(campaign), harm(campaign), tellProgress(campaign)]);
    const findings = await drainAndCheck(campaign);
    return report(campaign, findings, (stopwatchMs() - beganMs) / 60_000);
  } finally {
    await twin.stop();
  }
}

/** Lets twin time go on stretch by stretch, and people ask for something after each; nothing is asked for while ticks run. */
async function live(campaign: Campaign): Promise<void> {
  const { seed: own, untilMs } = campaign;
  const startMs = fromWire(threeAreas.clock.startTime);
  for (let stretch = 1; wallNow() < untilMs; stretch++) {
    await runUntil(campaign, startMs + stretch * stretchHours * hourMs);
    const world = {
      campus: 'riverbend',
      runs: ['atlas', 'boreas', 'cinder', 'dune'],
      units: ['central-cc-1', 'south-cc-1', 'central-coal-1'],
    };
    for (const order of ordersOf(own, stretch, world)) await place(campaign, order);
    if (restSeconds > 0) await rest(campaign);
  }
}

/** Lets the clock stand while faults go on: what a long campaign said has to be checked in one go. */
async function rest({ rests }: Campaign): Promise<void> {
  const fromMs = wallNow();
  await wallDelay(restSeconds * 1_000);
  rests.push({ fromMs, untilMs: wallNow() });
}

async function statusOf({ bus }: Campaign): Promise<ClockStatus | null> {
  try {
    return await ask<ClockStatus>(bus, 'clock', 'status', {}, 1_500);
  } catch {
    // Whatever is down comes back; the caller asks again and gives up after a time of its own.
    return null;
  }
}

/** Runs the clock up to an instant in lock-step; asks again when a fault took the order away. @throws when it stays stuck for a minute. */
async function runUntil(campaign: Campaign, atMs: number): Promise<void> {
  let lastMs = wallNow();
  for (;;) {
    const status = await statusOf(campaign);
    if (status !== null && status.tick > campaign.tick) {
      campaign.tick = status.tick;
      campaign.quietSinceMs = null;
      lastMs = wallNow();
      campaign.progress.push(lastMs);
    }
    if (status !== null && status.state === 'paused' && fromWire(status.twinTime) >= atMs) return;
    if (status?.state === 'paused')
      await ask(campaign.bus, 'clock', 'rununtil', { time: toWire(atMs), reason: 'chaos' }, 3_000).catch(() => null);
    // A frozen process holds the clock as long as it is frozen, and faults upon faults as long as they come: stuck is what does not go on
    // when it is left alone.
    if (campaign.quietSinceMs === null && wallNow() - lastMs > mostRecoveryMs && !campaign.isStruck) {
      campaign.quietSinceMs = wallNow();
      campaign.quiets += 1;
    }
    if (campaign.quietSinceMs !== null && wallNow() - campaign.quietSinceMs > mostRecoveryMs) throw new Error(stuckWords(campaign, status));
    await wallDelay(120);
  }
}

/** Everything that tells why a twin does not go on: where its clock stands, the last faults, and the ends of the logs it waits for. */
function stuckWords({ twin, faults }: Campaign, status: ClockStatus | null): string {
  const struck = faults
    .slice(-12)
    .map(({ fault, endedMs }) => `${toWire(endedMs)} ${fault.kind} ${fault.victims.join(' ')} ${fault.freezeMs}`);
  const silent = status === null ? ['clock', 'nats-server', 'up'] : status.waitingFor.map(({ component }) => component);
  const logs = silent.map((component) => {
    const path = join(twin.home, 'logs', `${component}.log`);
    return existsSync(path) ? `${component}: ${readFileSync(path, 'utf8').slice(-3_000)}` : `${component}: no log`;
  });
  return [`stuck: ${JSON.stringify(status)}`, ...struck, ...logs].join('\n');
}

/**
 * Waits until the api answers again, and a little longer: an order without an answer may still be on its way, and one that arrives while
 * ticks run takes effect a tick later than it says.
 */
async function untilQuiet(bus: Bus): Promise<void> {
  for (let left = 60; left > 0; left--) {
    const isThere = await ask(bus, 'api', 'proposals', {}, 1_000).then(
      () => true,
      () => false,
    );
    if (isThere) break;
  }
  await wallDelay(2_000);
}

async function place({ bus, orders }: Campaign, order: OrderPlan): Promise<void> {
  const body =
    order.kind === 'curtail'
      ? { action: 'curtail-campus', target: order.campus, amountMw: order.amountMw, request: order.request, isBestEffort: true }
      : order.kind === 'release'
        ? { action: 'release-campus', target: order.campus }
        : { action: order.action, target: order.target };
  const answered = { action: body.action, target: body.target, ...('request' in body ? { request: body.request } : {}) };
  try {
    await ask(bus, 'api', 'inject', { ...body, actor: 'chaos', reason: 'chaos' }, answerMs);
    orders.push({ ...answered, answer: 'accepted' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const isSure = code === 'TWIN_WRONG_INPUT' || code === 'TWIN_REFUSED';
    orders.push({ ...answered, answer: isSure ? 'refused' : 'unknown' });
    if (!isSure) await untilQuiet(bus);
  }
}

/** Strikes the twin, one fault after the other. */
async function harm(campaign: Campaign): Promise<void> {
  const { twin, faults, untilMs } = campaign;
  const processes = processesOf(twin);
  for (let number = 1; ; number++) {
    const fault = faultOf(campaign.seed, number, processes, minutes > longMinutes);
    await wallDelay(fault.pauseMs);
    // The last minute belongs to recovery.
    if (wallNow() > untilMs) return;
    while (campaign.quietSinceMs !== null) await wallDelay(200);
    campaign.isStruck = true;
    await strike(twin, fault);
    campaign.isStruck = false;
    faults.push({ fault, endedMs: wallNow() });
  }
}

async function tellProgress({ untilMs, faults, orders, progress }: Campaign): Promise<void> {
  while (wallNow() < untilMs) {
    await wallDelay(Math.min(15_000, Math.max(0, untilMs - wallNow())));
    process.stderr.write(`chaos: ${faults.length} faults, ${orders.length} orders, ${progress.length} times further\n`);
  }
}

/** Waits until everything stands still and is written, then reads the stream and checks it. */
async function drainAndCheck(campaign: Campaign): Promise<Findings> {
  const { twin, bus, orders } = campaign;
  const startMs = fromWire(threeAreas.clock.startTime);
  const tickMs = threeAreas.clock.tickMinutes * minuteMs;
  await runUntil(campaign, startMs + (campaign.tick + 12) * tickMs);
  const history = await verifiedHistory(twin);
  // Every consumer that cannot use a message keeps it: what counts is the message.
  const letters = new Set((await ask<readonly LetterLine[]>(bus, 'dead-letter', 'list', {}, 10_000)).map(({ sequence }) => sequence));
  const facts = await readAll(bus);
  const ticks = facts.reduce((most, fact) => (fact.type === 'clock.tick.v1' ? Math.max(most, fact.data.tick + 1) : most), 0);
  // What a sequence says of the last tick may still be on its way when the clock stands.
  const sure = ticks - 1;
  const odd = (kind: Fault['kind']): number => campaign.faults.filter(({ fault }) => fault.kind === kind).length;
  const copies = odd('duplicated');
  const plain = withoutCopies(facts);
  return {
    ...checkFacts(plain.facts),
    ...(await checkAgainstKernel(threeAreas, plain.facts, sure)),
    ...checkOrders(facts, orders),
    'history equals the stream': history,
    'every malformed message is a dead letter, and nothing else is':
      letters.size !== odd('malformed') ? [`${letters.size} dead letters, ${odd('malformed')} malformed messages were sent`] : [],
    'repeats are those that were sent': plain.copies > copies ? [`${plain.copies} repeats, ${copies} were sent`] : [],
    'the clock goes on within a minute of the last fault before it': lastRecoveries(campaign)
      .filter((ms) => ms > mostRecoveryMs)
      .map((ms) => `${Math.round(ms / 1_000)} s`),
  };
}

/** The facts of a stream, and how many of them stand there again: copies that a fault has sent. */
function withoutCopies(facts: readonly Fact[]): { readonly facts: readonly Fact[]; readonly copies: number } {
  const seen = new Set<string>();
  const once = facts.filter((fact) => {
    const key = JSON.stringify(fact);
    return fact.type !== 'grid.demand.v1' || (!seen.has(key) && Boolean(seen.add(key)));
  });
  return { facts: once, copies: facts.length - once.length };
}

async function readAll(bus: Bus): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for await (const { fact, pending } of readStream(bus, { fromSequence: 1, untilCaughtUp: true })) {
    facts.push(fact);
    if (pending === 0) break;
  }
  return facts;
}

async function verifiedHistory(twin: TestTwin): Promise<readonly string[]> {
  const { code, stdout, stderr } = await twin.cli('history', 'verify', '--wait', '90', '--json');
  return code === 0 ? [] : [`${stdout.slice(0, 300)} ${stderr.slice(0, 300)}`];
}
