import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { buildoutStart } from '../../shared/domain/buildout/start.js';
import { stamp, type Fact, type FactDataOf, type FactOf, type FactType, type Saying } from '../../shared/domain/fact.js';
import { createPermitOfficeModel } from '../../shared/domain/permit/office.js';
import { runSequences } from '../../shared/domain/sequenceHost.js';
import { createAddress, rulesOf } from '../../shared/domain/sequences.js';
import { fromWire } from '../../shared/domain/ticks.js';
import { createFastWorld, holdModel, type FastWorld } from '../../shared/domain/world.js';

export type Agency = World['agencies'][number];
export type Permit = World['projects'][number]['blocks'][number]['permits'][number];
export type Block = World['projects'][number]['blocks'][number];
export type Project = World['projects'][number];

export const startMs = fromWire(threeAreas.clock.startTime);

/** An agency that decides at once on everything it has reviewed, and grants it. */
export function agency(overrides: Partial<Agency> = {}): Agency {
  return {
    id: 'board',
    name: 'Board',
    region: 'west',
    reviewers: 2,
    otherApplicationsPerYear: 0,
    effort: { kind: 'fixed', days: 10 },
    noticeDays: 0,
    denialRatio: 0,
    informationRequestRatio: 0,
    ...overrides,
  };
}

export function permit(id: string, overrides: Partial<Permit> = {}): Permit {
  return {
    id,
    agency: 'board',
    after: [],
    initialPhase: 'drafting',
    initialPosition: null,
    draftingDays: 5,
    answerDays: 7,
    onDenial: 'move-site',
    ...overrides,
  };
}

export function block(number: number, permits: Permit[], overrides: Partial<Block> = {}): Block {
  return {
    block: number,
    capacityMw: 100 * number,
    initialStage: 'permitting',
    permits,
    equipment: [],
    constructionDays: 30,
    ...overrides,
  };
}

/** The built-in world with other agencies and one project `mesa`, in ticks of an hour. */
export function projectWorld(overrides: {
  agencies?: Agency[];
  blocks?: Block[];
  nextSites?: Project['nextSites'];
  script?: World['script'];
  seed?: number;
}): World {
  const nextSites = overrides.nextSites ?? [{ site: 'harbor', campus: 'harbor', permitDays: 100, constructionDays: 50 }];
  return {
    ...threeAreas,
    seed: overrides.seed ?? 1,
    clock: { ...threeAreas.clock, tickMinutes: 60 },
    agencies: overrides.agencies ?? [agency()],
    projects: [{ id: 'mesa', name: 'Mesa', campus: 'mesa', blocks: overrides.blocks ?? [block(1, [permit('mesa-air')])], nextSites }],
    script: overrides.script ?? [],
  };
}

/** A fact said at an hour of the world. */
export function factAt<Type extends FactType>(type: Type, entity: string, hour: number, data: FactDataOf[Type], n = 0): FactOf<Type> {
  const saying = { type, region: 'west', entity, data } as unknown as Saying;
  const atMs = startMs + hour * 3_600_000;
  const counts = n === 0 ? {} : { [`${type}/${entity}`]: [atMs, n - 1] as const };
  const [fact] = stamp([saying], { component: 'test', tick: hour, phase: 1, startMs: atMs, counts }).facts;
  return fact as unknown as FactOf<Type>;
}

/** What a person asked for at an hour. */
export function audit(
  action: FactDataOf['control.audit.v1']['action'],
  target: string,
  hour: number,
  accepted = true,
): FactOf<'control.audit.v1'> {
  return factAt('control.audit.v1', target, hour, { action, target, actor: 'operator', amountMw: null, reason: 'drill', accepted });
}

/** Agencies and projects of a world on the fast clock, without grid and clusters. */
export function runProjects(world: World): FastWorld {
  const starts = world.projects.flatMap((project) => buildoutStart(world, project.id) ?? []);
  return createFastWorld({
    clock: { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes },
    models: [holdModel(createPermitOfficeModel(world))],
    sequences: runSequences({ rulesOf, starts, address: createAddress(world) }),
  });
}

/** Runs a world for a number of hourly ticks, telling it each input at its hour, and answers every fact said. */
export function factsOf(world: World, hours: number, inputs: readonly Fact[] = []): readonly Fact[] {
  const fast = runProjects(world);
  return Array.from({ length: hours }, (_, hour) => {
    const said = fast.tick();
    for (const input of inputs) if (input.tick === hour) fast.inject(input);
    return said;
  }).flat();
}

export function ofType<Type extends FactType>(facts: readonly Fact[], type: Type, entity?: string): readonly FactOf<Type>[] {
  return facts.filter(
    (fact) => fact.type === type && (entity === undefined || fact.entity === entity),
  ) as unknown as readonly FactOf<Type>[];
}
