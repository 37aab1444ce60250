import {
  allHandlersFinished,
  ApplicationFailure,
  CancelledFailure,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  proxyLocalActivities,
  setHandler,
  startChild,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import {
  advanceHosted,
  beginHosted,
  deliver,
  wakeHosted,
  type Answer,
  type Ask,
  type Deeds,
  type Hosted,
  type HostedRules,
  type Memory,
  type SentReport,
} from '../shared/domain/hostedSequence.js';
import type { SequenceAttributes, SequenceStart } from '../shared/domain/sequence.js';
import type { Activities } from './activities.js';
import {
  clockAdvance,
  clockAnchor,
  clockNextWake,
  getState,
  report,
  stepTimeout,
  workflowIdOf,
  type ClockAnchor,
  type HostLimits,
  type SequenceInput,
} from './messages.js';

// Local: a tenth of the wait of a scheduled activity, and as safe, since every try looks at what the stream holds.
const activities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

const usualLimits: HostLimits = { updatesMax: 1_500, graceMs: 10_000 };

interface Waiting {
  readonly ask: Ask;
  answer: Answer | null;
}

interface Host {
  readonly rules: HostedRules;
  readonly input: SequenceInput;
  readonly limits: HostLimits;
  readonly waiting: Waiting[];
  hosted: Hosted;
  anchor: ClockAnchor;
  /** Newest twin instant known here. */
  twinMs: number;
  updates: number;
  shown: SequenceAttributes;
}

/**
 * Hosts the rules of one sequence until it is finished: handlers only enqueue, this loop decides, and all twin time comes with the asks.
 * Answers what is left for whoever asks again after the end.
 */
export async function hostSequence(rules: HostedRules, input: SequenceInput): Promise<Memory> {
  const host: Host = {
    rules,
    input,
    limits: input.limits ?? usualLimits,
    waiting: [],
    hosted: input.hosted ?? beginHosted(rules, input.start),
    anchor: input.anchor,
    twinMs: input.anchor.twinMs,
    updates: 0,
    shown: {},
  };
  listen(host);
  while (true) {
    await nextPrompt(host);
    const next = host.waiting.shift();
    if (next === undefined) await wakeAlone(host);
    else await answer(host, next);
    if (host.waiting.length > 0 || !(host.hosted.finished || isRunFull(host))) continue;
    await condition(allHandlersFinished);
    if (host.waiting.length > 0) continue;
    const { asked, answers, children, nextWakeMs, finished } = host.hosted;
    if (finished) return { asked, answers, children, nextWakeMs, finished };
    return continueAsNew<(input: SequenceInput) => Promise<Memory>>({ ...input, anchor: host.anchor, hosted: host.hosted });
  }
}

function listen(host: Host): void {
  setHandler(report, (sent) => {
    host.hosted = deliver(host.hosted, sent);
  });
  setHandler(clockAnchor, (anchor) => {
    if (anchor.epoch <= host.anchor.epoch) return;
    host.anchor = anchor;
    host.twinMs = Math.max(host.twinMs, anchor.twinMs);
  });
  setHandler(clockNextWake, () => host.hosted.nextWakeMs);
  setHandler(getState, () => host.hosted);
  setHandler(
    clockAdvance,
    async (ask) => {
      host.updates += 1;
      const waiting: Waiting = { ask, answer: null };
      host.waiting.push(waiting);
      await condition(() => waiting.answer !== null);
      if (waiting.answer === null) throw ApplicationFailure.nonRetryable('clockAdvance: ended without an answer', 'TWIN_REFUSED');
      return waiting.answer;
    },
    { validator: refuseWrongAsk },
  );
}

function refuseWrongAsk(ask: Ask): void {
  const isPlace = Number.isSafeInteger(ask.tick) && ask.tick >= 0 && Number.isSafeInteger(ask.round) && ask.round >= 0;
  if (isPlace && Number.isFinite(ask.toMs) && Array.isArray(ask.facts)) return;
  const found = JSON.stringify({
    tick: ask.tick,
    round: ask.round,
    toMs: ask.toMs,
    facts: Array.isArray(ask.facts) ? 'a list' : ask.facts,
  });
  throw ApplicationFailure.nonRetryable(
    `clockAdvance: found ${found}, allowed: tick and round as integers from 0, toMs in ms UTC, facts as a list`,
    'TWIN_WRONG_INPUT',
  );
}

/** Resolves when somebody asks, or when this sequence should look at the clock by itself. */
async function nextPrompt(host: Host): Promise<void> {
  while (host.waiting.length === 0) {
    const anchor = host.anchor;
    const delayMs = ownDelayMs(host);
    const heard = host.hosted.inbox.length;
    const isPrompted = (): boolean => host.waiting.length > 0 || host.anchor !== anchor || host.hosted.inbox.length !== heard;
    if (delayMs === null) await condition(() => isPrompted() || ownDelayMs(host) !== null);
    else if (!(await condition(isPrompted, delayMs))) return;
  }
}

/** Wall time until a sequence looks after itself; null at rates where only the bridge can tell the time. */
function ownDelayMs(host: Host): number | null {
  const { rate } = host.anchor;
  if (rate === null || rate > 1 || host.hosted.finished) return null;
  const wakeMs = host.hosted.inbox.length > 0 ? host.twinMs : host.hosted.nextWakeMs;
  return wakeMs === null ? null : Math.ceil(Math.max(0, wakeMs - host.twinMs) / rate) + host.limits.graceMs;
}

/** The bridge is away: acts alone, but never before the clock's own mark has reached the wake. */
async function wakeAlone(host: Host): Promise<void> {
  const mark = await activities.readMark({ root: host.input.root });
  if (mark === null || host.waiting.length > 0) return;
  host.twinMs = Math.max(host.twinMs, mark.startMs);
  const wakeMs = host.hosted.inbox.length > 0 ? mark.startMs : host.hosted.nextWakeMs;
  if (wakeMs === null || wakeMs > mark.startMs) return;
  const woken = wakeHosted(host.rules, host.input.start, host.hosted, { tick: mark.tick, atMs: mark.startMs });
  host.hosted = woken.hosted;
  await carryOut(host, woken.deeds);
}

async function answer(host: Host, waiting: Waiting): Promise<void> {
  const advanced = advanceHosted(host.rules, host.input.start, host.hosted, waiting.ask);
  host.hosted = advanced.hosted;
  host.twinMs = Math.max(host.twinMs, waiting.ask.toMs);
  await carryOut(host, advanced.deeds);
  waiting.answer = advanced.answer;
}

async function carryOut(host: Host, deeds: Deeds): Promise<void> {
  const { root } = host.input;
  show(host);
  if (deeds.facts.length > 0) await activities.publishFacts({ root, facts: deeds.facts });
  await Promise.all(deeds.start.map((start) => beginChild(host, start)));
  for (const letter of deeds.letters) await send(workflowIdOf(root, letter.to), letter.sent);
}

async function beginChild(host: Host, start: SequenceStart): Promise<void> {
  const { root, limits } = host.input;
  const input: SequenceInput = { start, root, anchor: host.anchor, ...(limits === undefined ? {} : { limits }) };
  try {
    await startChild(start.kind, {
      workflowId: workflowIdOf(root, start.id),
      args: [input],
      workflowTaskTimeout: stepTimeout,
      // Its own continue-as-new must not end what it started.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    if (!(error instanceof TemporalFailure && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
  }
}

/** Who has ended hears nothing any more, and nobody misses it. */
async function send(workflowId: string, sent: SentReport): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(report, sent);
  } catch (error) {
    if (!(error instanceof TemporalFailure) || error instanceof CancelledFailure) throw error;
  }
}

const attributeNames = { region: 'LoadstoneRegion', phase: 'LoadstonePhase', campus: 'LoadstoneCampus' } as const;

/** Keeps the search attributes what the rules say they are. */
function show(host: Host): void {
  const attributes = host.rules.attributes?.(host.hosted.state) ?? {};
  const names = ['region', 'phase', 'campus'] as const;
  const changed = names.filter((name) => attributes[name] !== host.shown[name]);
  if (changed.length === 0) return;
  upsertSearchAttributes(
    changed.map((name) => ({ key: { name: attributeNames[name], type: 'KEYWORD' }, value: attributes[name] ?? null })),
  );
  host.shown = attributes;
}

function isRunFull(host: Host): boolean {
  return workflowInfo().continueAsNewSuggested || host.updates >= host.limits.updatesMax;
}
