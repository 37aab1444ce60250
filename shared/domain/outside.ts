import type { ScriptEntry, World } from '../scenario/schema.js';
import { stamp, type Fact, type FactOf } from './fact.js';
import { fromWire, minuteMs, tickStartMs } from './ticks.js';
import type { FastWorld } from './world.js';

/** Something that came to a world from outside after one of its ticks: what was asked for, or a phase that was opened for it at an instant. */
export type OutsideInput =
  | { readonly kind: 'asked'; readonly tick: number; readonly fact: FactOf<'control.audit.v1'> | FactOf<'telemetry.demand.v1'> }
  | { readonly kind: 'between'; readonly tick: number; readonly atMs: number };

/** Hands a world everything that came after the tick that ran last, in order; answers what load targets and campuses said to it. */
export function takeInputs(world: FastWorld, inputs: readonly OutsideInput[]): readonly Fact[] {
  const said: Fact[] = [];
  for (const input of inputs) {
    if (input.tick !== world.nextTick - 1) continue;
    if (input.kind === 'asked') world.inject(input.fact as Fact);
    else said.push(...world.between(input.atMs));
  }
  return said;
}

/**
 * What came from outside, read from facts in the order of their stream: accepted audits that people and outside systems caused, measured
 * loads, and the instants between two ticks at which something was said because of them.
 */
export function outsideInputsOf(facts: readonly Fact[]): readonly OutsideInput[] {
  const inputs: OutsideInput[] = [];
  for (const fact of facts) {
    const isAsked = fact.type === 'control.audit.v1' && fact.component === 'api';
    if (isAsked || fact.type === 'telemetry.demand.v1') inputs.push({ kind: 'asked', tick: fact.tick, fact });
    else if (fact.phase === 4 && fact.type !== 'control.audit.v1') {
      // While the clock stands, two phases for two requests are at the same instant: a request between them tells them apart.
      const last = inputs.at(-1);
      const isSame = last?.kind === 'between' && last.tick === fact.tick && last.atMs === fact.timeMs;
      if (!isSame) inputs.push({ kind: 'between', tick: fact.tick, atMs: fact.timeMs });
    }
  }
  return inputs;
}

/** Acts that are done to a world as if a person had asked for them just before the tick that begins at their instant, or the first one after. */
export function inputsOfActs({ clock }: Pick<World, 'clock'>, acts: readonly ScriptEntry[]): readonly OutsideInput[] {
  const startMs = fromWire(clock.startTime);
  let counts = {};
  return acts
    .toSorted((a, b) => fromWire(a.atTime) - fromWire(b.atTime))
    .map(({ atTime, ...act }): OutsideInput => {
      const tick = Math.ceil((fromWire(atTime) - startMs) / (clock.tickMinutes * minuteMs)) - 1;
      const data = { ...act, actor: 'study', amountMw: act.amountMw ?? null, accepted: true };
      const at = { component: 'api', tick, phase: 3, startMs: tickStartMs({ startMs, tickMinutes: clock.tickMinutes }, tick) } as const;
      const stamped = stamp([{ type: 'control.audit.v1', region: 'all', entity: act.target, data }], { ...at, counts });
      counts = stamped.counts;
      return { kind: 'asked', tick, fact: stamped.facts[0] as FactOf<'control.audit.v1'> };
    });
}
