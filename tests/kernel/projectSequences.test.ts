import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildoutRules } from '../../shared/domain/buildout/rules.js';
import { equipmentOf, gatesToDecide } from '../../shared/domain/buildout/stages.js';
import { buildoutStart } from '../../shared/domain/buildout/start.js';
import type { BuildoutConfig, BuildoutState } from '../../shared/domain/buildout/state.js';
import type { Fact, FactDataOf, Saying } from '../../shared/domain/fact.js';
import { permitsOfProject } from '../../shared/domain/permit/ofProject.js';
import type { Advanced, Report, SequenceStart } from '../../shared/domain/sequence.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { everyCase } from '../support/badInput.js';
import { audit, factAt } from '../support/projectWorld.js';

type Stage = FactDataOf['buildout.stage.v1']['stage'];

const acts = [
  'granted',
  'granted',
  'granted',
  'denied',
  'withdrawn',
  'revoked',
  'slip',
  'go',
  'go',
  'no-go',
  'refused',
  'again',
  'wait',
] as const;
const step = fc.record({ afterHours: fc.constantFrom(1, 24, 168, 1_000, 9_000), act: fc.constantFrom(...acts), which: fc.nat(40) });
type Drawn = typeof step extends fc.Arbitrary<infer One> ? One : never;
interface Step extends Pick<Drawn, 'act' | 'which'> {
  readonly afterHours: number;
}
const steps = fc.array(step, { minLength: 5, maxLength: 40 });

/** A project as it is played: what its sequence may be told about. */
function playOf(world: World) {
  const [project] = world.projects;
  if (project === undefined) throw new Error(`${world.name} has no project`);
  const start = buildoutStart(world, project.id) as SequenceStart<BuildoutConfig>;
  return {
    project,
    start,
    equipment: equipmentOf(project),
    gates: gatesToDecide(project),
    ownPermits: new Map(project.blocks.map(({ block, permits }) => [block, permits.map(({ id }) => id)])),
  };
}
type Play = ReturnType<typeof playOf>;

/** What a step tells the sequence: how a permit ended, or a fact. */
function toldIn(
  { act, which }: Step,
  { play, known, hour, nowMs }: { readonly play: Play; readonly known: Known; readonly hour: number; readonly nowMs: number },
): { readonly reports: readonly Report[]; readonly facts: readonly Fact[] } {
  const pick = (list: readonly string[]): string => list[which % Math.max(1, list.length)] ?? 'nothing';
  // Only who was started reports.
  const permit = pick([...known.started]).replace('permit-', '');
  switch (act) {
    case 'granted':
    case 'denied':
    case 'withdrawn':
      return { reports: [{ from: `permit-${permit}`, atMs: nowMs, outcome: act }], facts: [] };
    case 'revoked':
      return {
        reports: [],
        facts: [factAt('permit.decision.v1', permit, hour, { outcome: 'revoked', reason: 'court' } as FactDataOf['permit.decision.v1'])],
      };
    case 'slip':
      return { reports: [], facts: [slipped(pick(play.equipment), hour, 1 + which)] };
    case 'go':
      return { reports: [], facts: [audit('go-gate', pick(play.gates), hour)] };
    case 'no-go':
      return { reports: [], facts: [audit('no-go-gate', pick(play.gates), hour)] };
    case 'refused':
      return { reports: [], facts: [audit('no-go-gate', pick(play.gates), hour, false)] };
    case 'again':
    case 'wait':
      return { reports: [], facts: [] };
  }
}

function slipped(equipment: string, hour: number, days: number): Fact {
  const fact = audit('slip-equipment', equipment, hour);
  return { ...fact, data: { ...fact.data, days } };
}

/** What is known of a project by what it said, and what it was told. */
interface Known {
  readonly stages: Map<number, Stage>;
  readonly energizedMw: Map<string, number>;
  readonly granted: Set<string>;
  readonly started: Set<string>;
  readonly moved: Set<number>;
  /** Permits it has given up, and of which it has not heard since. */
  readonly leaving: Set<string>;
  moves: number;
}

/** What is wrong with an advance, by rules that know nothing of how the sequence works; null: nothing. */
function brokenBy(
  { sayings, start, cancel, nextWakeMs, finished }: Advanced<BuildoutState>,
  known: Known,
  play: Play,
  nowMs: number,
): string | null {
  for (const { id } of start) {
    if (known.started.has(id)) return `starts ${id} a second time`;
    known.started.add(id);
  }
  for (const id of cancel) known.leaving.add(id);
  for (const saying of sayings) {
    const violation = definitionOf(saying.type)?.violation(saying.data) ?? null;
    if (violation !== null) return `${saying.type}: ${violation}`;
    const broken = brokenSaying(saying, known, play);
    if (broken !== null) return broken;
  }
  const isOver = known.leaving.size === 0 && play.project.blocks.every(({ block }) => isEnd(known.stages.get(block)));
  if (finished !== isOver) return `says ${finished ? '' : 'not '}finished, and is ${isOver ? '' : 'not '}`;
  if (finished && nextWakeMs !== null) return 'wants to wake after its end';
  return nextWakeMs !== null && nextWakeMs <= nowMs ? `wants to wake ${nowMs - nextWakeMs} ms in the past` : null;
}

function isEnd(stage: Stage | undefined): boolean {
  return stage === 'energized' || stage === 'abandoned';
}

function brokenSaying(saying: Saying, known: Known, play: Play): string | null {
  if (saying.type === 'buildout.site.v1' && saying.data.toSite !== saying.data.fromSite) {
    known.moves += 1;
    known.moved.add(saying.data.block);
  }
  if (saying.type === 'buildout.stage.v1') {
    const { block, stage, previousStage } = saying.data;
    const before = known.stages.get(block);
    if (before !== undefined && isEnd(before) && stage !== before) return `block ${block} goes from ${before} to ${stage}`;
    if (before !== undefined && previousStage !== before) return `block ${block} says it was ${previousStage}, and was ${before}`;
    known.stages.set(block, stage);
  }
  if (saying.type === 'buildout.block.v1') {
    const { block, campus, capacityMw, energizedMw } = saying.data;
    const sumMw = (known.energizedMw.get(campus) ?? 0) + capacityMw;
    known.energizedMw.set(campus, sumMw);
    if (Math.abs(sumMw - energizedMw) > 1e-6) return `block ${block}: ${energizedMw} MW energized at ${campus}, and it is ${sumMw}`;
    const missing = known.moved.has(block) ? [] : (play.ownPermits.get(block) ?? []).filter((id) => !known.granted.has(id));
    if (missing.length > 0) return `block ${block} is energized without ${missing.join(', ')}`;
  }
  return null;
}

/** Plays steps; the first thing that is broken, or null, and everything that was said. */
function playSteps(play: Play, list: readonly Step[], isRestored = false): { readonly broken: string | null; readonly said: string } {
  const begun = buildoutRules.begin(play.start);
  const known: Known = {
    stages: new Map(),
    energizedMw: new Map(),
    granted: grantedAtStart(play),
    started: new Set(),
    moved: new Set(),
    leaving: new Set(),
    moves: 0,
  };
  for (const { block, campus, capacityMw, stage } of begun.blocks) {
    known.stages.set(block, stage);
    if (stage === 'energized') known.energizedMw.set(campus, (known.energizedMw.get(campus) ?? 0) + capacityMw);
  }
  const said: string[] = [];
  let [state, hour, isFinished]: [BuildoutState, number, boolean] = [begun, 0, false];
  let last: ReturnType<typeof toldIn> = { reports: [], facts: [] };
  for (const one of [{ afterHours: 0, act: 'wait', which: 0 } satisfies Step, ...list]) {
    if (isFinished) break;
    hour += one.afterHours;
    const nowMs = play.start.startMs + hour * hourMs;
    const advance = (told: typeof last): Advanced<BuildoutState> => {
      const kept = isRestored ? (JSON.parse(JSON.stringify(state)) as BuildoutState) : state;
      const next = buildoutRules.advance(kept, { tick: hour, nowMs, ...told });
      state = next.state;
      isFinished = next.finished;
      said.push(...next.sayings.map((saying) => JSON.stringify(saying)));
      return next;
    };
    const told = toldIn(one, { play, known, hour, nowMs });
    for (const { from, outcome } of told.reports) {
      known.leaving.delete(from);
      if (outcome === 'granted') known.granted.add(from.replace('permit-', ''));
    }
    const broken = brokenBy(advance(told), known, play, nowMs);
    if (broken !== null) return { broken: `${one.act} at hour ${hour}: ${broken}`, said: '' };
    if (one.act === 'again' && !isFinished && advance({ ...last, facts: [] }).sayings.length > 0)
      return { broken: 'answers a report that it has heard already', said: '' };
    if (one.act !== 'again') last = told;
  }
  if (known.moves > play.project.nextSites.length * play.project.blocks.length) return { broken: `moves ${known.moves} times`, said: '' };
  return { broken: null, said: said.join('\n') };
}

/** Permits that were granted before the project begins. */
function grantedAtStart({ project }: Play): Set<string> {
  return new Set(permitsOfProject(project).flatMap(({ id, initialPhase }) => (initialPhase === 'granted' ? [id] : [])));
}

describe.each([threeAreas, campusBuild])('the project of $name', (world) => {
  const play = playOf(world);

  test('never goes back from its end, is energized only with its permits, starts each once and answers no repeat, whatever it hears', () => {
    everyCase(steps, (list) => playSteps(play, list).broken, 2.5);
  }, 180_000);

  test('says the same where it is written and read again before every step', () => {
    everyCase(steps, (list) => (playSteps(play, list).said === playSteps(play, list, true).said ? null : 'something else'), 0.3);
  }, 180_000);

  test('is drawn into many stages', () => {
    const stages = new Set<string>();
    for (const list of fc.sample(steps, { numRuns: 300, seed: 5 }))
      for (const line of playSteps(play, list).said.split('\n'))
        if (line.includes('"buildout.stage.v1"')) stages.add((JSON.parse(line) as { data: { stage: string } }).data.stage);
    expect(stages.size).toBeGreaterThanOrEqual(5);
  });
});
