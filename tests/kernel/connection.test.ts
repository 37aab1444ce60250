import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import type { Contract, World } from '../../shared/scenario/schema.js';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import { checkedWorld } from '../../shared/scenario/validate.js';
import { audit, of, riverbend, said, solo } from '../support/clusterWorld.js';

const connection = { project: 'riverbend-two', block: 2 };

function withConnection(): World {
  const world = riverbend();
  return { ...world, contracts: world.contracts.map((each) => (each.id === 'riverbend-a' ? { ...each, connection } : each)) };
}

/** Block 2 of the project gets power in a tick, all but `firmMw` of its 100 MW not firm. */
function power(tick: number, firmMw?: number, where: { readonly campus?: string; readonly block?: number } = {}): Fact {
  const data = { block: 2, campus: 'riverbend', capacityMw: 100, energizedMw: 100, ...where };
  return said('buildout.block.v1', connection.project, { tick }, firmMw === undefined ? data : { ...data, firmMw });
}

function desk(world: World, isRestored = false) {
  const model = solo(createFlexibilityModel(world), { isRestored });
  const offers = (heard: readonly Fact[] = []): Readonly<Record<string, number>> => {
    const [fact] = of(model.run(heard), 'control.offer.v1');
    return Object.fromEntries((fact?.data.offers ?? []).map(({ contract, offerMw }) => [contract, offerMw]));
  };
  return { model, offers };
}

describe('a contract of a flexible connection', () => {
  const plain = desk(riverbend()).offers()['riverbend-a'] ?? 0;

  it('offers nothing before its block has power, then up to the part of the block that is not firm', () => {
    for (const isRestored of [false, true]) {
      const { offers } = desk(withConnection(), isRestored);
      expect(offers()['riverbend-a']).toBe(0);
      expect(offers([power(1, 88)])['riverbend-a']).toBe(0);
      expect(offers()['riverbend-a']).toBe(12);
      expect(plain).toBeGreaterThan(12);
    }
  });

  it('never offers more than its terms, whatever is not firm', () => {
    const { offers } = desk(withConnection());
    offers([power(0, 0)]);
    expect(offers()['riverbend-a']).toBe(Math.min(plain, 100));
  });

  it('offers nothing where the block is firm whole, is another one, or came elsewhere', () => {
    for (const fact of [power(0), power(0, 100), power(0, 0, { block: 3 }), power(0, 0, { campus: 'harbor' })]) {
      const { offers } = desk(withConnection());
      offers([fact]);
      expect(offers()['riverbend-a']).toBe(0);
    }
  });

  it('leaves what it does not offer to the contracts after it', () => {
    const whole = desk(riverbend()).offers()['riverbend-b'] ?? 0;
    const { offers } = desk(withConnection());
    expect(offers([power(0, 88)])['riverbend-b']).toBeGreaterThan(whole);
    expect(offers()['riverbend-a']).toBe(12);
  });

  it('carries no more of what a person asks for than it obliges to', () => {
    const carried = (heard: readonly Fact[]): readonly string[] => {
      const { model, offers } = desk(withConnection());
      offers(heard);
      model.run([audit('curtail-campus', 'riverbend', 1, 8)]);
      const said = [model.run([]), model.run([])].flat();
      return of(said, 'control.loadtarget.v1').at(-1)?.data.targets[0]?.contracts ?? [];
    };
    expect(carried([power(0, 88)])).toEqual(['riverbend-a']);
    expect(carried([])).toEqual(['riverbend-b']);
  });
});

describe('a contract of a connection that cannot be', () => {
  const offer = { offerMw: 400, noticeMinutes: 30, hoursPerYear: 120 };
  const runs = campusBuild.runs.filter(({ campus }) => campus === 'mesa');
  const projects = campusBuild.projects.map((project) => ({
    ...project,
    stages: (project.stages ?? []).map((stage) => (stage.id === 'mesa-interconnection' ? { ...stage, flexible: offer } : stage)),
  }));
  const terms = campusBuild.contracts[0];
  const lineOf = (rest: Partial<Contract>, world: Partial<World> = {}): string => {
    if (terms === undefined) throw new Error('no contract');
    const contract = { ...terms, id: 'mesa-connection', campus: 'mesa', tranche: 'pause', maxReductionMw: 1, ...rest };
    try {
      checkedWorld({ ...campusBuild, projects, contracts: [contract], ...world }, 'world.json');
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'fits';
  };

  it.each<[string, Partial<Contract>, Partial<World>, string]>([
    ['fits', { connection: { project: 'mesa', block: 2 } }, {}, 'fits'],
    [
      'is of an unknown project',
      { connection: { project: 'nobody', block: 2 } },
      {},
      'connection.project: found "nobody", an unknown project, allowed: mesa',
    ],
    [
      'is of an unknown block',
      { connection: { project: 'mesa', block: 9 } },
      {},
      'connection.block: found "9", an unknown block, allowed: 1, 2, 3, 4, 5',
    ],
    [
      'is of a block that cannot come there',
      { campus: 'riverbend', connection: { project: 'mesa', block: 2 } },
      {},
      'connection: found a block of mesa, allowed: one that may come to riverbend',
    ],
    [
      'is of a study that is offered nothing',
      { connection: { project: 'mesa', block: 2 } },
      { projects: campusBuild.projects },
      'connection: found block 2, allowed: a block whose study is offered `flexible` power',
    ],
  ])('when it %s', (_what, rest, world, line) => {
    expect(runs.length).toBeGreaterThan(0);
    expect(lineOf(rest, world).replace('world.json: contracts[0].', '')).toBe(line);
  });
});
