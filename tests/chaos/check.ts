import { createHash } from 'node:crypto';
import type { Fact } from '../../shared/domain/fact.js';
import { outsideInputsOf, takeInputs, type OutsideInput } from '../../shared/domain/outside.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { worldLines } from '../support/twin.js';

/** An order as it was answered: accepted, refused, or nobody knows since no answer came. */
export interface Answered {
  readonly action: string;
  readonly target: string;
  readonly request?: string;
  readonly answer: 'accepted' | 'refused' | 'unknown';
}

/** Invariants of a twin, each with what breaks it; nothing breaks one that holds. */
export type Findings = Readonly<Record<string, readonly string[]>>;

const balanceMw = 1e-3;

/** Checks every invariant that the facts of a stream alone can show; reads, and does nothing else. */
export function checkFacts(facts: readonly Fact[]): Findings {
  return {
    'every fact once': doubled(facts.map(({ id }) => id)),
    'every tick closed once, none left out': tickFindings(facts),
    'energy balances in every region': facts.flatMap((fact) =>
      fact.type === 'grid.supply.v1' ? balanceFinding(fact, demandAt(facts)) : [],
    ),
    'training never below its checkpoint': checkpointFindings(facts),
    'no permit decided before it was filed': permitFindings(facts),
  };
}

/** Checks that the stream holds what the world says that is run again with what came from outside: nothing lost, nothing twice, in order. */
export async function checkAgainstKernel(world: World, facts: readonly Fact[], ticks: number): Promise<Findings> {
  const inputs = outsideInputsOf(facts).filter(({ tick }) => tick < ticks);
  const solver = await loadHighsSolver();
  const fast = createWholeWorld(world, solver);
  const own = groupByTick(facts, ticks);
  const found: string[] = [];
  /** By tick; what a sequence says of a tick may come in the next one, and nothing later than that. */
  const said = new Map<number, Fact[]>();
  const compare = (tick: number): void => {
    const [streamed, kernel] = [lines(own[tick] ?? []), lines(said.get(tick) ?? [])];
    said.delete(tick);
    if (found.length >= 3 || digest(streamed) === digest(kernel)) return;
    const near = inputs.filter((input) => input.tick >= tick - 3 && input.tick <= tick);
    found.push(`tick ${tick}: ${differenceOf(streamed, kernel)}; asked shortly before: ${near.map(inputLine).join(', ') || 'nothing'}`);
  };
  for (let tick = 0; tick < ticks; tick++) {
    for (const fact of [...fast.tick(), ...takeInputs(fast, inputs)]) {
      const ofTick = said.get(fact.tick);
      if (ofTick === undefined) said.set(fact.tick, [fact]);
      else ofTick.push(fact);
    }
    compare(tick - 1);
  }
  compare(ticks - 1);
  solver.close();
  const late = [...said.keys()].filter((tick) => tick < ticks);
  if (late.length > 0 && found.length === 0) found.push(`the kernel says something of ticks ${late.join(', ')} too late`);
  return { 'the stream is what the kernel says': found };
}

/** What only one of two lists of lines has, a little of each. */
function differenceOf(streamed: readonly string[], kernel: readonly string[]): string {
  const only = (own: readonly string[], other: readonly string[]): string =>
    own
      .filter((line) => !other.includes(line))
      .map((line) => line.slice(0, 420))
      .slice(0, 4)
      .join(' ');
  return `${streamed.length} facts in the stream, ${kernel.length} in the kernel; only in the stream: ${only(streamed, kernel)}; only in the kernel: ${only(kernel, streamed)}`;
}

function inputLine(input: OutsideInput): string {
  return input.kind === 'between'
    ? `${input.tick} between ${input.atMs}`
    : input.fact.type === 'telemetry.demand.v1'
      ? `${input.tick} measured ${input.fact.entity}`
      : `${input.tick} ${input.fact.data.action} ${input.fact.data.target} ${String(input.fact.data.accepted)}`;
}

function lines(facts: readonly Fact[]): readonly string[] {
  return worldLines(facts, Infinity);
}

function digest(of: readonly string[]): string {
  return createHash('sha256').update(of.join('\n')).digest('hex');
}

function groupByTick(facts: readonly Fact[], ticks: number): readonly (readonly Fact[])[] {
  const found: Fact[][] = Array.from({ length: ticks }, () => []);
  for (const fact of facts) found[fact.tick]?.push(fact);
  return found;
}

function doubled(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => (seen.has(id) ? true : (seen.add(id), false)));
}

function tickFindings(facts: readonly Fact[]): readonly string[] {
  const closed = facts.flatMap((fact) => (fact.type === 'clock.tick.v1' ? [fact.data.tick] : []));
  const odd = closed.findIndex((tick, place) => tick !== place);
  const missing = facts.flatMap((fact) =>
    fact.type === 'clock.tick.v1' && fact.data.missing.length > 0
      ? [`tick ${fact.data.tick} was closed without ${fact.data.missing.join(', ')}`]
      : [],
  );
  return odd === -1 ? missing : [`${odd} ticks are closed in order, then comes tick ${closed[odd]}`, ...missing];
}

type SupplyFact = Extract<Fact, { readonly type: 'grid.supply.v1' }>;

let demands: { readonly of: readonly Fact[]; readonly byKey: ReadonlyMap<string, number> } | null = null;

/** Load served by region and tick; worked out once for a list of facts. */
function demandAt(facts: readonly Fact[]): ReadonlyMap<string, number> {
  if (demands?.of === facts) return demands.byKey;
  const byKey = new Map(
    facts.flatMap((fact): [string, number][] =>
      fact.type === 'grid.demand.v1' ? [[`${fact.region}/${fact.tick}`, fact.data.demandMw - fact.data.unservedMw]] : [],
    ),
  );
  demands = { of: facts, byKey };
  return byKey;
}

function balanceFinding({ region, tick, data }: SupplyFact, servedMw: ReadonlyMap<string, number>): readonly string[] {
  const served = servedMw.get(`${region}/${tick}`);
  if (served === undefined) return [`tick ${tick}, ${region}: supply without demand`];
  const offMw = data.generationMw + data.dischargeMw + data.importMw - served - data.chargeMw - data.exportMw;
  return Math.abs(offMw) > balanceMw ? [`tick ${tick}, ${region}: off by ${offMw} MW`] : [];
}

function checkpointFindings(facts: readonly Fact[]): readonly string[] {
  const durable = new Map<string, number>();
  return facts.flatMap((fact) => {
    if (fact.type !== 'cluster.progress.v1') return [];
    return fact.data.runs.flatMap(({ run, completedSteps, checkpointedSteps }) => {
      const least = durable.get(run) ?? 0;
      durable.set(run, Math.max(least, checkpointedSteps));
      const isBelow = completedSteps < Math.max(least, checkpointedSteps);
      return isBelow ? [`tick ${fact.tick}: ${run} at ${completedSteps}, checkpoint at ${Math.max(least, checkpointedSteps)}`] : [];
    });
  });
}

function permitFindings(facts: readonly Fact[]): readonly string[] {
  const heard = new Set<string>();
  return facts.flatMap((fact) => {
    if (fact.type === 'permit.phase.v1') heard.add(fact.entity);
    if (fact.type === 'permit.queue.v1') for (const { permit } of fact.data.positions) heard.add(permit);
    return fact.type === 'permit.decision.v1' && !heard.has(fact.entity)
      ? [`tick ${fact.tick}: ${fact.entity} is decided and was never filed`]
      : [];
  });
}

/** Checks orders against the stream: what was accepted stands there once and nothing that was refused as accepted. */
export function checkOrders(facts: readonly Fact[], orders: readonly Answered[]): Findings {
  const recorded = facts.flatMap((fact) =>
    fact.type === 'control.audit.v1' && fact.component === 'api' && fact.data.accepted ? [fact.data] : [],
  );
  const keyOf = ({
    action,
    target,
    request,
  }: {
    readonly action: string;
    readonly target: string;
    readonly request?: string | undefined;
  }): string => `${action} ${target} ${action.startsWith('curtail') ? (request ?? '') : ''}`;
  const counts = new Map<string, number>();
  for (const audit of recorded) counts.set(keyOf(audit), (counts.get(keyOf(audit)) ?? 0) + 1);
  const keys = [...new Set([...orders.map(keyOf), ...counts.keys()])];
  return {
    'every order has its one effect': keys.flatMap((key) => {
      const own = orders.filter((order) => keyOf(order) === key);
      const sure = own.filter(({ answer }) => answer === 'accepted').length;
      const open = own.filter(({ answer }) => answer === 'unknown').length;
      const found = counts.get(key) ?? 0;
      return found < sure || found > sure + open
        ? [`${key}: accepted ${sure} times, ${open} without an answer, ${found} in the stream`]
        : [];
    }),
  };
}
