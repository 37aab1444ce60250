import { randomUUID } from 'node:crypto';
import { chainStart, hashAfter } from '../../shared/bus/auditChain.js';
import type { Publisher } from '../../shared/bus/publish.js';
import { stamp, type Fact, type FactDataOf, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { shown } from '../../shared/domain/shown.js';
import { fromWire, tickStartMs, type Phase } from '../../shared/domain/ticks.js';
import type { AuditAction } from '../../shared/events/control.js';
import { wallNow } from '../../shared/runtime/clock.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import { awayFromSafety, effectOf } from './effect.js';
import type { Feed } from './feed.js';
import { checkIntent, refusalOf } from './inject.js';
import { createProposals, type Proposal } from './proposals.js';

type Audit = FactDataOf['control.audit.v1'];

/** What is answered to an intent: whether it counts, and the tick it was recorded in; it takes effect in the next one. */
export interface InjectAnswer {
  readonly accepted: boolean;
  readonly tick: number;
  /** What waits for a second person instead; absent: nothing. */
  readonly proposal?: Proposal;
}

/** Everything a person may ask for through the api. */
export interface Injector {
  inject(body: unknown): Promise<InjectAnswer>;
  /** What an intent would do, and whether a second person has to confirm it. */
  effect(body: unknown): { readonly effect: string; readonly needsSecond: boolean };
  proposals(): readonly Proposal[];
  confirm(body: unknown): Promise<InjectAnswer>;
  withdraw(body: unknown): Promise<{ readonly withdrawn: string }>;
  /** Writes a line into the shift log. */
  note(body: unknown): Promise<{ readonly tick: number }>;
}

/** What the clock does for a request; null: it does not answer, and nothing is waited for. */
export interface ClockSide {
  /** Waits until no tick runs, and keeps it so until `admitted`; answers the tick that ran last. */
  admit(id: string): Promise<number | null>;
  admitted(id: string): void;
  /** Lets load targets and campuses act between two ticks. */
  actBetween(): Promise<unknown>;
}

/** What cannot wait for the next tick is acted on between two. */
const immediateActions: readonly AuditAction[] = ['curtail-campus', 'curtail-fleet', 'extend-campus', 'release-campus', 'release-fleet'];
const projectActions: readonly AuditAction[] = ['grant-permit', 'deny-permit', 'revoke-permit', 'slip-equipment', 'go-gate', 'no-go-gate'];

/**
 * Records intents as `control.audit.v1` at the newest tick, refused ones too, each following the one before by its hash, and answers when
 * they are stored; what is about a load target is answered once the campuses have acted on it, or as soon as the clock does not answer.
 * Under two-person control what goes away from safety becomes a proposal, which another person confirms.
 * @throws TWIN_WRONG_INPUT, TWIN_NOT_RUNNING before the first tick, TWIN_REFUSED with the reason.
 */
export function createInjector(feed: Feed, publisher: Publisher, world: World, clock: ClockSide): Injector {
  const known = new Set<string>();
  const proposals = createProposals();
  const isTwoPerson = world.controls === 'two-person';
  const regionOf = regionsOf(world);
  const worldClock = { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes };
  let counts: RepeatCounts = {};
  let newestHash: string | null = null;
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other, so that each audit follows the one before it. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const stampNow = (saying: Saying, tick?: number): Fact => {
    const { mark } = feed.view.system;
    if (mark === null)
      throw new TwinError('TWIN_NOT_RUNNING', 'clock: has not begun the first tick yet; try again in a moment', { retryable: true });
    // Between two ticks a request belongs to the one that ran last, whatever was heard of it so far.
    const at =
      tick === undefined
        ? { component: 'api', tick: mark.tick, phase: mark.phase as Phase, startMs: mark.timeMs }
        : { component: 'api', tick, phase: 3 as Phase, startMs: tickStartMs(worldClock, tick) };
    const stamped = stamp([saying], { ...at, counts: { ...feed.auditCounts, ...counts } });
    counts = stamped.counts;
    return stamped.facts[0] as Fact;
  };
  const say = async (saying: Saying): Promise<Fact> => {
    const fact = stampNow(saying);
    await publisher.publish([fact]);
    return fact;
  };

  const record = async (intent: Omit<Audit, 'accepted'>, confirmedBy?: string): Promise<InjectAnswer> => {
    if (intent.request !== undefined && intent.action.startsWith('curtail')) known.add(intent.request);
    const refusal = refusalOf(intent, world, feed.view);
    const data = { ...intent, accepted: refusal === null, ...(confirmedBy === undefined ? {} : { confirmedBy }) };
    const region = regionOf(intent, feed);
    const fact = await inTurn(async () => {
      const correlationId = randomUUID();
      const tick = await clock.admit(correlationId);
      const plain = stampNow({ type: 'control.audit.v1', region, entity: intent.target, correlationId, data }, tick ?? undefined);
      const previousHash = newestHash ?? (feed.chain.links === 0 ? chainStart : feed.chain.newest);
      const hash = hashAfter(previousHash, plain.id, data);
      const chained = { ...plain, data: { ...data, previousHash, hash } } as Fact;
      try {
        await publisher.publish([chained]);
      } catch (error) {
        if (intent.request !== undefined) known.delete(intent.request);
        // Whether it was stored is not known: the next audit follows what is heard by then.
        newestHash = null;
        throw error;
      } finally {
        if (tick !== null) clock.admitted(correlationId);
      }
      newestHash = hash;
      return chained;
    });
    if (refusal !== null) throw new TwinError('TWIN_REFUSED', refusal);
    if (immediateActions.includes(intent.action)) await clock.actBetween();
    return { accepted: true, tick: fact.tick };
  };

  /** What cannot be stored is not taken: whoever asks hears so at once. */
  const checkRoom = (): void => {
    const disk = feed.view.conditions['nats-server/disk-full'];
    if (disk?.active === true) throw new TwinError('TWIN_REFUSED', `disk: ${disk.detail}`, { retryable: true });
  };

  const tell = ({ id, intent, effect }: Proposal, state: FactDataOf['control.proposal.v1']['state'], by: string): Promise<Fact> => {
    const { action, target, actor, reason } = intent;
    const data = { proposal: id, state, action, target, actor, by, effect, reason };
    return say({ type: 'control.proposal.v1', region: 'all', entity: target, correlationId: id, data });
  };

  return {
    inject: async (body) => {
      await feed.caughtUp;
      checkRoom();
      const intent = checkIntent(body, world, feed.view, known);
      if (!isTwoPerson || !awayFromSafety.includes(intent.action) || refusalOf(intent, world, feed.view) !== null) return record(intent);
      const proposal = proposals.propose(intent, effectOf(intent, world, feed.view), wallNow());
      const { tick } = await tell(proposal, 'proposed', intent.actor);
      return { accepted: false, tick, proposal };
    },
    effect: (body) => {
      const intent = checkIntent(body, world, feed.view, known);
      return { effect: effectOf(intent, world, feed.view), needsSecond: isTwoPerson && awayFromSafety.includes(intent.action) };
    },
    proposals: () => proposals.waiting(wallNow()),
    confirm: async (body) => {
      checkRoom();
      const { proposal: id, hash, actor } = fieldsOf(body);
      const proposal = proposals.confirm({ id, hash, actor: actorIn(actor) }, wallNow());
      await tell(proposal, 'confirmed', actorIn(actor));
      return record(proposal.intent, actorIn(actor));
    },
    note: async (body) => {
      checkRoom();
      const { actor, note } = fieldsOf(body);
      const data = { actor: actorIn(actor), note: noteIn(note) };
      const { tick } = await say({ type: 'control.note.v1', region: 'all', entity: 'shift', correlationId: randomUUID(), data });
      return { tick };
    },
    withdraw: async (body) => {
      const { proposal: id, actor } = fieldsOf(body);
      const proposal = proposals.withdraw(id, wallNow());
      await tell(proposal, 'withdrawn', actorIn(actor));
      return { withdrawn: proposal.id };
    },
  };
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}

const longestNote = 1_000;

function noteIn(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= longestNote) return value.trim();
  throw wrongInput(`note: found ${shown(value)}, allowed: a text of 1 to ${longestNote} characters`);
}

function actorIn(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 200) return value.trim();
  throw wrongInput(`actor: found ${shown(value)}, allowed: a text of 1 to 200 characters`);
}

/** The region an intent is about: that of the bus of its target; `all` for what stands nowhere. */
function regionsOf(world: World): (intent: Pick<Audit, 'action' | 'target'>, feed: Feed) => string {
  const regionOfBus = new Map(world.network.buses.map(({ id, region }) => [id, region]));
  const busOf = new Map<string, string>([
    ...world.network.lines.map(({ id, fromBus }): [string, string] => [id, fromBus]),
    ...world.network.units.map(({ id, bus }): [string, string] => [id, bus]),
    ...world.campuses.map(({ id, bus }): [string, string] => [id, bus]),
  ]);
  return ({ action, target }, feed) => {
    if (projectActions.includes(action) || action.endsWith('-alarm')) return 'all';
    return regionOfBus.get(busOf.get(feed.view.runs[target]?.campus ?? target) ?? '') ?? 'all';
  };
}
