import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { createPermitOfficeModel, type PermitOfficeState } from '../../shared/domain/permit/office.js';
import type { World } from '../../shared/scenario/schema.js';
import { agency, audit, block, factAt, ofType, permit, projectWorld, runProjects, startMs } from '../support/projectWorld.js';
import { holdModel } from '../../shared/domain/world.js';
import { definitionOf } from '../../shared/events/registry.js';

const hourMs = 3_600_000;

/** Runs the agencies of a world alone for a number of hourly ticks, telling them each input at its hour. */
function officeFacts(world: World, hours: number, inputs: readonly Fact[] = []): readonly Fact[] {
  const office = holdModel(createPermitOfficeModel(world));
  return Array.from({ length: hours }, (_, tick) => {
    const said = office.speak({ tick, phase: 1, startMs: startMs + tick * hourMs, tickMs: hourMs });
    for (const input of inputs) if (input.tick === tick) office.observe(input);
    return said;
  }).flat();
}

const filing = (entity: string, hour: number, step: 'filed' | 'answered' | 'appealed' | 'withdrawn', attempt = 1) =>
  factAt('permit.filing.v1', entity, hour, { project: 'mesa', agency: 'board', step, attempt });
const steps = (facts: readonly Fact[], entity: string): readonly string[] =>
  facts.flatMap((fact) => {
    if (fact.entity !== entity) return [];
    if (fact.type === 'permit.review.v1') return [fact.data.step];
    return fact.type === 'permit.decision.v1' ? [`${fact.data.outcome}: ${fact.data.reason}`] : [];
  });

describe('the permit office', () => {
  it('takes what is filed up in the next tick, reviews it and grants it', () => {
    const facts = officeFacts(projectWorld({ agencies: [agency({ noticeDays: 3 })] }), 24 * 20, [filing('mesa-air', 5, 'filed')]);
    expect(steps(facts, 'mesa-air')).toEqual(['received', 'started', 'comment-opened', 'comment-closed', 'granted: drawn']);
    const [received, decided] = [ofType(facts, 'permit.review.v1')[0], ofType(facts, 'permit.decision.v1')[0]];
    expect(received?.tick).toBe(6);
    expect(decided?.timeMs).toBe(startMs + 6 * hourMs + 13 * 24 * hourMs);
    expect(decided?.data.effectiveTime).toBe('2027-07-26T23:00:00.000Z');
    expect(received?.region).toBe('west');
  });

  it('moves a permit from position 8 to 1 as reviews end, and then reviews it', () => {
    const queued = permit('mesa-air', { initialPhase: 'queued', initialPosition: 8 });
    const facts = officeFacts(projectWorld({ blocks: [block(1, [queued])] }), 24 * 60);
    const places = ofType(facts, 'permit.queue.v1').flatMap((fact) => fact.data.positions.map((place) => place.position));
    expect(places[0]).toBe(8);
    expect([...new Set(places)].at(-1)).toBe(0);
    expect(new Set(places).has(1)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => b - a));
    expect(steps(facts, 'mesa-air')).toEqual(['started', 'granted: drawn']);
  });

  it('says its queue on a change of position or of busy reviewers, and once a local day', () => {
    const facts = officeFacts(projectWorld({ agencies: [agency({ otherApplicationsPerYear: 0 })] }), 24 * 3);
    const hours = ofType(facts, 'permit.queue.v1').map((fact) => fact.tick);
    // The world begins at 11:00 local time, so that midnight is 13 hours away.
    expect(hours).toEqual([0, 13, 37, 61]);
    const busier = officeFacts(projectWorld({}), 24, [filing('mesa-air', 2, 'filed')]);
    expect(ofType(busier, 'permit.queue.v1').map((fact) => [fact.tick, fact.data.busyReviewers])).toEqual([
      [0, 0],
      [3, 1],
      [13, 1],
    ]);
  });

  it('asks for information, waits for the answer without a reviewer, and goes on', () => {
    const world = projectWorld({ agencies: [agency({ informationRequestRatio: 1 })], seed: 2 });
    const asked = officeFacts(world, 24 * 60, [filing('mesa-air', 0, 'filed')]);
    expect(steps(asked, 'mesa-air')).toEqual(['received', 'started', 'information-requested']);
    const [, , request] = ofType(asked, 'permit.review.v1');
    expect(ofType(asked, 'permit.queue.v1').at(-1)?.data.busyReviewers).toBe(0);
    const answered = officeFacts(world, 24 * 60, [
      filing('mesa-air', 0, 'filed'),
      filing('mesa-air', (request?.tick ?? 0) + 48, 'answered'),
    ]);
    expect(steps(answered, 'mesa-air')).toEqual(['received', 'started', 'information-requested', 'started', 'granted: drawn']);
    const [, first, , second] = ofType(answered, 'permit.review.v1');
    expect(first?.data.effortDays).toBe(10);
    expect(second?.data.effortDays).toBeLessThan(10);
    expect(second?.tick).toBe((request?.tick ?? 0) + 49);
    const lastHours = (second?.data.effortDays ?? 0) * 24;
    expect(ofType(answered, 'permit.decision.v1')[0]?.tick).toBe(Math.ceil((second?.tick ?? 0) + lastHours));
  });

  it('sends an incomplete application back before it is queued', () => {
    const world = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((seed) => projectWorld({ agencies: [agency({ informationRequestRatio: 1 })], seed }));
    const said = world.map((candidate) =>
      steps(officeFacts(candidate, 24 * 40, [filing('mesa-air', 0, 'filed'), filing('mesa-air', 24, 'answered')]), 'mesa-air'),
    );
    expect(said).toContainEqual(['received', 'incomplete', 'received', 'started', 'granted: drawn']);
  });

  it('decides on a person in the next tick, wherever the application stands', () => {
    const standings = [
      permit('mesa-air'),
      permit('mesa-air', { initialPhase: 'queued', initialPosition: 4 }),
      permit('mesa-air', { initialPhase: 'under-review', initialPosition: 0 }),
    ];
    for (const standing of standings) {
      const facts = officeFacts(projectWorld({ blocks: [block(1, [standing])] }), 24 * 40, [audit('deny-permit', 'mesa-air', 4)]);
      expect(ofType(facts, 'permit.decision.v1').map((fact) => [fact.tick, fact.data.outcome, fact.data.reason])).toEqual([
        [5, 'denied', 'injected by operator: drill'],
      ]);
    }
  });

  it('ignores a refused request, a permit it does not know, and a decision on a closed permit', () => {
    const inputs = [
      audit('grant-permit', 'mesa-air', 1, false),
      audit('grant-permit', 'other', 2),
      audit('trip-unit', 'mesa-air', 2),
      audit('grant-permit', 'mesa-air', 3),
      audit('deny-permit', 'mesa-air', 9),
      filing('mesa-air', 12, 'filed'),
      filing('mesa-air', 14, 'appealed', 2),
    ];
    expect(
      ofType(officeFacts(projectWorld({}), 24 * 30, inputs), 'permit.decision.v1').map((fact) => [fact.tick, fact.data.outcome]),
    ).toEqual([[4, 'granted']]);
  });

  it('decides as the script says in the first tick at or after its instant', () => {
    const script: World['script'] = [{ atTime: '2027-07-14T20:30:00.000Z', action: 'grant-permit', target: 'mesa-air', reason: 'signed' }];
    const facts = officeFacts(projectWorld({ script }), 48);
    expect(ofType(facts, 'permit.decision.v1').map((fact) => [fact.data.effectiveTime, fact.data.reason])).toEqual([
      ['2027-07-14T21:00:00.000Z', 'script: signed'],
    ]);
  });

  it('hears an appeal with the effort that was left, and frees the place of what is withdrawn', () => {
    const standing = permit('mesa-air', { initialPhase: 'queued', initialPosition: 1 });
    const world = projectWorld({ agencies: [agency({ reviewers: 1 })], blocks: [block(1, [standing])] });
    const appeal = officeFacts(world, 24 * 60, [audit('deny-permit', 'mesa-air', 0), filing('mesa-air', 6, 'appealed', 2)]);
    expect(steps(appeal, 'mesa-air')).toEqual(['denied: injected by operator: drill', 'received', 'started', 'granted: drawn']);
    expect(ofType(appeal, 'permit.review.v1').find((fact) => fact.data.step === 'started')?.data.effortDays).toBe(10);
    const gone = officeFacts(world, 24 * 60, [filing('mesa-air', 6, 'withdrawn')]);
    expect(
      ofType(gone, 'permit.queue.v1')
        .filter((fact) => fact.tick >= 7)
        .flatMap((fact) => fact.data.positions),
    ).toEqual([]);
    expect(ofType(gone, 'permit.decision.v1')).toEqual([]);
  });

  it('denies as often as the scenario says', () => {
    const permits = Array.from({ length: 400 }, (_, n) => permit(`p-${n}`, { initialPhase: 'under-review', initialPosition: 0 }));
    const board = agency({ reviewers: 400, denialRatio: 0.25 });
    const decisions = ofType(officeFacts(projectWorld({ agencies: [board], blocks: [block(1, permits)] }), 24 * 11), 'permit.decision.v1');
    expect(decisions).toHaveLength(400);
    const deniedRatio = decisions.filter((fact) => fact.data.outcome === 'denied').length / 400;
    expect(Math.abs(deniedRatio - 0.25)).toBeLessThan(0.06);
  });

  it('does nothing at all in a tick in which nothing is due', () => {
    const world = projectWorld({ agencies: [agency({ otherApplicationsPerYear: 20 })] });
    const model = createPermitOfficeModel(world);
    const first = model.speak(model.initial(), { tick: 0, phase: 1, startMs, tickMs: hourMs }).state;
    const idle = model.speak(first, { tick: 1, phase: 1, startMs: startMs + 60_000, tickMs: hourMs });
    expect(idle.state).toBe(first);
    expect(idle.sayings).toEqual([]);
  });

  it('does not care in which order filings and audits of one tick arrive', () => {
    const world = projectWorld({ blocks: [block(1, [permit('mesa-air'), permit('mesa-water')])] });
    const inputs = [filing('mesa-air', 3, 'filed'), filing('mesa-water', 3, 'filed'), audit('grant-permit', 'mesa-water', 3)];
    expect(officeFacts(world, 24 * 20, [...inputs].reverse())).toEqual(officeFacts(world, 24 * 20, inputs));
  });

  it('goes on from its saved state exactly as it would have', () => {
    const world = projectWorld({ agencies: [agency({ otherApplicationsPerYear: 60, informationRequestRatio: 0.5 })] });
    const model = createPermitOfficeModel(world);
    const run = (isRestored: boolean): readonly unknown[] => {
      let state: PermitOfficeState = model.observe(model.initial(), filing('mesa-air', 3, 'filed')).state;
      return Array.from({ length: 24 * 60 }, (_, tick) => {
        if (isRestored && tick % 100 === 50) state = JSON.parse(JSON.stringify(state)) as PermitOfficeState;
        const turn = model.speak(state, { tick, phase: 1, startMs: startMs + tick * hourMs, tickMs: hourMs });
        state = turn.state;
        return [tick, turn.sayings];
      });
    };
    expect(run(true)).toEqual(run(false));
  });

  it('says only what the declarations allow', () => {
    const facts = runProjects(projectWorld({ agencies: [agency({ noticeDays: 5, informationRequestRatio: 1 })] }));
    const said = Array.from({ length: 24 * 90 }, () => facts.tick()).flat();
    expect(said.length).toBeGreaterThan(80);
    expect(said.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
  });
});
