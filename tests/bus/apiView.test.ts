import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createHub } from '../../services/api/hub.js';
import { diffView } from '../../services/api/patch.js';
import { appendRow, sampleColumns, sampleLimit, sampleRow } from '../../services/api/samples.js';
import { createTempo } from '../../services/api/tempo.js';
import { blockKey } from '../../services/api/blockView.js';
import { initialView, observe } from '../../services/api/view.js';
import type { TailEntry, View, ViewPatch } from '../../services/api/viewTypes.js';
import { milestoneWords, tailEntry } from '../../services/api/words.js';
import { stamp, type Fact, type Saying } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { scene, sceneFacts } from '../browser/scene.js';

const { world } = await resolveWorld({ scenario: 'three-areas' });
const facts = sceneFacts(world, 100);
const start = initialView(world);

function after(view: View, list: readonly Fact[]): View {
  return list.reduce(observe, view);
}

function say(saying: Saying, tick = 3): Fact {
  const [fact] = stamp([saying], { component: 'test', tick, phase: 2, startMs: tick * 300_000, counts: {} }).facts;
  if (fact === undefined) throw new Error('no fact');
  return fact;
}

function patched(view: View, patch: ViewPatch): View {
  const sections = Object.entries(patch).map(([section, changed]) => [section, { ...view[section as keyof View], ...changed }]);
  return { ...view, ...Object.fromEntries(sections) };
}

describe('the view of the api', () => {
  it('begins with everything the world names, where the world says it starts', () => {
    expect(Object.keys(start.runs)).toContain('ember');
    expect(start.blocks[blockKey('mesa', 3)]).toMatchObject({ stage: 'permitting', capacityMw: 300 });
    expect(start.permits['mesa-block-3-air']).toMatchObject({ phase: 'queued', position: 8, agency: 'state-air-board', block: 3 });
    expect(start.campuses['riverbend']).toMatchObject({ region: 'central', limitMw: 600, power: null });
  });

  it('follows a tight evening: state word, outage, load target, paused run, energized block, alarm', () => {
    const view = after(start, facts);
    expect(view.system.mark).toMatchObject({ tick: 99, phase: 3 });
    expect(view.system.reserve?.state).toBe('warning');
    expect(view.outages['central-cc-3']).toMatchObject({ isOut: true, capacityMw: 450 });
    expect(view.campuses['riverbend']).toMatchObject({ target: { reductionMw: 126 }, answer: { result: 'accepted' } });
    expect(view.runs['cinder']).toMatchObject({ progress: { state: 'paused', capRatio: 0 }, sequence: { phase: 'holding' } });
    expect(view.blocks[blockKey('mesa', 2)]).toMatchObject({ stage: 'energized' });
    expect(view.permits['mesa-block-2-energization']?.phase).toBe('granted');
    expect(view.alarms['reserve-low']).toMatchObject({ status: 'active', severity: 'high' });
    expect(view.regions['west']?.supply).not.toHaveProperty('units');
  });

  it('comes to the same whether state or milestones are heard first', () => {
    const isMilestone = ({ type }: Fact): boolean => registry.find((definition) => definition.type === type)?.kind === 'milestone';
    const [milestones, states] = [facts.filter(isMilestone), facts.filter((fact) => !isMilestone(fact))];
    expect(after(after(start, milestones), states)).toEqual(after(after(start, states), milestones));
    expect(after(after(start, milestones), states)).toEqual(after(start, facts));
  });

  it('takes a permit out of the queue when its agency no longer lists it', () => {
    const queue = (positions: readonly { readonly permit: string; readonly position: number }[]): Fact =>
      say({
        type: 'permit.queue.v1',
        region: 'west',
        entity: 'state-air-board',
        data: { reviewers: 3, busyReviewers: 2, waitingApplications: 4, positions: [...positions] },
      });
    const second = observe(start, queue([{ permit: 'mesa-block-3-air', position: 2 }]));
    expect(second.permits['mesa-block-3-air']?.position).toBe(2);
    expect(observe(second, queue([])).permits['mesa-block-3-air']?.position).toBeNull();
    expect(second.permits['mesa-block-4-water']).toBe(start.permits['mesa-block-4-water']);
  });

  it('keeps the newest rate when an older one is heard again', () => {
    const rate = (epoch: number, value: number): Fact =>
      say({
        type: 'clock.rate.v1',
        region: 'all',
        entity: 'clock',
        data: { mode: 'rate', rate: value, holdAtTime: null, epoch, reason: 'test' },
      });
    expect(after(start, [rate(4, 60), rate(3, 1800)]).system.rate?.rate).toBe(60);
  });

  it('does not bring an alarm back that was cleared before it was acknowledged', () => {
    const alarm = after(start, facts);
    const cleared = observe(
      alarm,
      say({ type: 'alarm.cleared.v1', region: 'all', entity: 'reserve-low', data: { origin: 'world', wasAcknowledged: false } }),
    );
    const late = observe(
      cleared,
      say({ type: 'alarm.acknowledged.v1', region: 'all', entity: 'reserve-low', data: { actor: 'operator', origin: 'world' } }),
    );
    expect(late.alarms['reserve-low']?.status).toBe('cleared');
  });

  it('sends the difference only, and the difference is enough', () => {
    const before = after(
      start,
      facts.filter(({ tick }) => tick < 98),
    );
    const now = after(
      before,
      facts.filter(({ tick }) => tick >= 98),
    );
    const patch = diffView(before, now);
    expect(patched(before, JSON.parse(JSON.stringify(patch)) as ViewPatch)).toEqual(now);
    expect(Object.keys(patch)).not.toContain('permits');
    expect(diffView(now, now)).toEqual({});
  });
});

describe('the rows of the charts', () => {
  const columns = sampleColumns(world);
  const valueOf = (row: readonly (number | null)[], name: string) => row[columns.findIndex((column) => column.name === name)];

  it('sum the regions and know the sources', () => {
    const view = after(start, facts);
    const row = sampleRow(columns, view);
    expect(valueOf(row, 'source/nuclear')).toBe(800);
    expect(valueOf(row, 'power/mesa')).toBe(82);
    const demandMw = Object.values(view.regions).reduce((sum, { demand }) => sum + (demand?.demandMw ?? 0), 0);
    expect(valueOf(row, 'demandMw')).toBeCloseTo(demandMw, 0);
    expect(valueOf(sampleRow(columns, start), 'demandMw')).toBeNull();
  });

  it('stay in order and bounded when a stretch is read again', () => {
    const rows = Array.from({ length: sampleLimit + 10 }, (_, tick) => [tick, 1]).reduce(
      appendRow,
      [] as readonly (readonly (number | null)[])[],
    );
    expect(rows).toHaveLength(sampleLimit);
    const again = appendRow(rows, [500, 2]);
    expect(again.at(-1)).toEqual([500, 2]);
    expect(again.every(([timeMs], index) => index === 0 || (again[index - 1]?.[0] ?? 0) < (timeMs ?? 0))).toBe(true);
  });
});

describe('a client that does not read', () => {
  it('gets the newest state and every milestone when it reads again, not each state it slept through', async () => {
    const written: string[] = [];
    let release: () => void = () => undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) => {
        written.push(chunk.toString());
        release = done;
      },
    });
    const shown = {
      view: start,
      series: { columns: [], rows: [] },
      tail: [] as TailEntry[],
      pulse: () => ({ ageMs: 0, achievedRate: null, behind: 0 }),
    };
    const hub = createHub(shown);
    hub.add(slow, null);
    for (const fact of facts) {
      shown.view = observe(shown.view, fact);
      const entry = tailEntry(fact, shown.tail.length + 1);
      if (entry !== null) shown.tail = [...shown.tail, entry];
    }
    await expect
      .poll(
        () => {
          const once = release;
          release = () => undefined;
          once();
          return written.join('');
        },
        { interval: 50, timeout: 5_000 },
      )
      .toContain('"tick":99');
    hub.close();
    const text = written.join('');
    expect(text.split('event: frame')).toHaveLength(3);
    expect(text.split('event: milestone')).toHaveLength(shown.tail.length + 1);
    expect(shown.tail.length).toBeGreaterThan(10);
  });
});

describe('the tempo of the twin', () => {
  it('measures twin seconds per wall second and the age of the newest mark', () => {
    const tempo = createTempo();
    for (let tick = 0; tick <= 60; tick++) tempo.mark(tick * 300_000, 1_000 + tick * 100);
    expect(tempo.read(7_500).ageMs).toBe(500);
    expect(tempo.read(7_500).achievedRate).toBeCloseTo(3_000, 6);
    tempo.forget();
    expect(tempo.read(7_500)).toEqual({ ageMs: 500, achievedRate: null });
  });
});

describe('milestones in plain words', () => {
  it.each(registry.map((definition) => [definition.type, definition] as const))(
    'say one sentence for %s, or nothing when it is state',
    (type, definition) => {
      const fact = say({ type, region: 'west', entity: 'some-entity', data: definition.example } as unknown as Saying);
      const words = milestoneWords(fact);
      expect(words === null).toBe(definition.kind === 'state');
      if (words !== null) expect(words.text).toMatch(/^\S.{8,}$/);
      expect(words?.text ?? '').not.toMatch(/undefined|NaN|null/);
    },
  );

  it('say that a trip is bad and a granted permit good', () => {
    const toneOf = (type: Fact['type'], tick: number) =>
      facts.filter((fact) => fact.type === type && fact.tick === tick).map((fact) => milestoneWords(fact)?.tone);
    expect(toneOf('grid.contingency.v1', scene.tripTick)).toEqual(['bad']);
    expect(toneOf('permit.decision.v1', scene.energizedTick)).toEqual(['good']);
  });
});
