import type { World } from '../../scenario/schema.js';
import type { Fact } from '../fact.js';
import { createPermitOfficeModel } from '../permit/office.js';
import { advanceSequences, holdSequences, type SequenceHosts } from '../sequenceHost.js';
import { observeFacts } from '../sequenceDesk.js';
import { createAddress, rulesOf } from '../sequences.js';
import { fromWire, minuteMs, tickStartMs } from '../ticks.js';
import { stampOn, type RepeatCounts } from '../fact.js';
import { buildoutStart } from './start.js';

/** How far projects are followed, and what else reaches them. */
export interface ProjectRun {
  readonly untilMs: number;
  /** Whether queues of agencies are said; a study that looks at dates alone leaves them out. */
  readonly tellsQueues?: boolean;
  /** What persons do, each heard in the tick it carries. */
  readonly inputs?: readonly Fact[];
  /** Ends as soon as a block of this number has power. */
  readonly endsWithBlock?: number;
}

/**
 * Agencies, permits and projects of a world on a clock that goes from one tick in which something is due to the next: the same models and
 * the same facts as tick by tick, without grid and clusters. Ends when every project has ended, or at `untilMs`.
 */
export function runProjectsFast(world: World, run: ProjectRun): readonly Fact[] {
  const clock = { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes };
  const tickMs = clock.tickMinutes * minuteMs;
  const tickOf = (atMs: number): number => Math.ceil((atMs - clock.startMs) / tickMs);
  const office = createPermitOfficeModel(world, { tellsQueues: run.tellsQueues ?? true });
  const address = createAddress(world);
  const counts = new Map<string, RepeatCounts[string]>();
  const inputs = [...(run.inputs ?? [])].sort((a, b) => a.tick - b.tick);
  let state = office.initial();
  let hosts = holdSequences(
    rulesOf,
    world.projects.flatMap((project) => buildoutStart(world, project.id) ?? []),
  );
  const facts: Fact[] = [];

  const hear = (said: readonly Fact[]): void => {
    for (const fact of said) if (office.hears.includes(fact.type)) state = office.observe(state, fact).state;
    hosts = { ...hosts, desk: observeFacts(hosts.desk, said, address) };
    facts.push(...said);
  };

  for (let tick = 0, inputAt = 0; tickStartMs(clock, tick) < run.untilMs; ) {
    const startMs = tickStartMs(clock, tick);
    const turn = office.speak(state, { tick, phase: 1, startMs, tickMs });
    state = turn.state;
    const spoken = stampOn(counts, turn.sayings, { component: office.component, tick, phase: 1, startMs });
    const advanced = advanceSequences(rulesOf, hosts, { tick, atMs: startMs });
    hosts = advanced.hosts;
    const given: Fact[] = [];
    for (let next = inputs[inputAt]; next !== undefined && next.tick <= tick; next = inputs[inputAt]) {
      given.push(next);
      inputAt += 1;
    }
    hear([...spoken, ...advanced.facts, ...given]);
    if (advanced.facts.some((fact) => fact.type === 'buildout.block.v1' && fact.data.block === run.endsWithBlock)) break;
    if (hosts.desk.sequences.every((entry) => entry.finished) && inputAt >= inputs.length) break;
    const isHeard = state.inbox.length > 0 || hosts.desk.pending.length > 0;
    const due = Math.min(tickOf(state.nextDueMs), tickOf(nextWakeMs(hosts)), inputs[inputAt]?.tick ?? Infinity);
    tick = isHeard ? tick + 1 : Math.max(tick + 1, due);
  }
  return facts;
}

function nextWakeMs(hosts: SequenceHosts): number {
  const wakes = hosts.desk.sequences.map((entry) => (entry.finished ? Infinity : (entry.nextWakeMs ?? Infinity)));
  return Math.min(Infinity, ...wakes);
}
