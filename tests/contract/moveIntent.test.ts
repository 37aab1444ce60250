import { describe, expect, it } from 'vitest';
import { checkIntent, refusalOf } from '../../services/api/inject.js';
import { initialView, observe } from '../../services/api/view.js';
import type { View } from '../../services/api/viewTypes.js';
import { milestoneWords } from '../../services/api/words.js';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { of, said, solo } from '../support/clusterWorld.js';

/** What is shown after some ticks of the clusters. */
function seenAfter(heard: readonly (readonly Fact[])[]): { readonly view: View; readonly facts: readonly Fact[] } {
  const model = solo(createClusterModel(threeAreas));
  const facts = heard.flatMap((some) => model.run(some));
  return { view: facts.reduce(observe, initialView(threeAreas)), facts };
}

const asked = { action: 'move-run', target: 'dune', destination: 'riverbend', actor: 'operator', reason: 'cheaper' };
const recorded = (tick: number): Fact =>
  said('control.audit.v1', 'dune', { tick }, { ...checkIntent(asked, threeAreas, seenAfter([[]]).view), accepted: true });

describe('an intent to move a run', () => {
  it('names a run and a campus, and only it does', () => {
    const { view } = seenAfter([[]]);
    expect(checkIntent(asked, threeAreas, view)).toEqual({ ...asked, amountMw: null });
    const wrong =
      (change: object): (() => unknown) =>
      () =>
        checkIntent({ ...asked, ...change }, threeAreas, view);
    expect(wrong({ target: 'dunes' })).toThrow('target of move-run: found "dunes", allowed: atlas, boreas, cinder, delta, dune, ember');
    expect(wrong({ destination: 'moon' })).toThrow('destination: found "moon", allowed: harbor, mesa, riverbend');
    expect(wrong({ destination: undefined })).toThrow('destination: found nothing, allowed: harbor, mesa, riverbend');
    expect(wrong({ action: 'pause-run' })).toThrow('destination: found "riverbend" for pause-run, allowed: none');
  });

  it('is refused in one line by what is seen, as the cluster would', () => {
    const { view } = seenAfter([[]]);
    const refused = (target: string, destination: string) =>
      refusalOf({ ...checkIntent({ ...asked, target, destination }, threeAreas, view) }, threeAreas, view);
    expect(refused('dune', 'riverbend')).toBeNull();
    expect(refused('atlas', 'mesa')).toBe('mesa: has 7003 accelerators free, atlas needs 65536');
    expect(refused('dune', 'harbor')).toBe('harbor: has 0 accelerators free, dune needs 32768');
    expect(refused('dune', 'mesa')).toBe('dune: is at mesa already');
    expect(refused('ember', 'riverbend')).toBe('ember: has not begun');
  });

  it('is refused while the run is on its way, and told in words', () => {
    const { view, facts } = seenAfter([[recorded(0)], []]);
    expect(view.runs['dune']).toMatchObject({ campus: 'mesa', progress: { state: 'paused', movingTo: 'riverbend' } });
    expect(refusalOf(checkIntent(asked, threeAreas, view), threeAreas, view)).toBe('dune: is on its way to riverbend already');
    const [begun] = of(facts, 'cluster.move.v1');
    expect(begun === undefined ? null : milestoneWords(begun as unknown as Fact)?.text).toBe(
      'Run dune goes from mesa to riverbend, 8,627 GB over 100 Gbit/s (cheaper)',
    );
  });
});
