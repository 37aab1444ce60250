import { draw } from '../../shared/domain/random.js';

/** What may be done to a twin. */
export const faultKinds = ['kill', 'freeze', 'two-killed', 'servers-killed', 'everything-killed', 'malformed', 'duplicated'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault, its victims by name, and how long it lasts where it lasts. */
export interface Fault {
  readonly number: number;
  readonly kind: FaultKind;
  readonly victims: readonly string[];
  readonly freezeMs: number;
  /** After the end of the fault before it, wall ms. */
  readonly pauseMs: number;
}

/** Servers a twin stands on. */
export const servers = ['nats-server', 'temporal', 'influxd'] as const;

/** Of a hundred faults; the rest are kills of one process. */
const shares: readonly (readonly [FaultKind, number])[] = [
  ['freeze', 22],
  ['two-killed', 14],
  ['servers-killed', 6],
  ['everything-killed', 4],
  ['malformed', 7],
  ['duplicated', 7],
];
const [leastFreezeMs, mostFreezeMs] = [1_500, 9_000] as const;
/** Of the freezes of a long campaign, so many last so long. */
const longFreezeShare = 0.04;
const [leastLongMs, mostLongMs] = [30_000, 120_000] as const;
const [leastPauseMs, mostPauseMs] = [1_000, 4_500] as const;

/** The fault of a number: the same for the same seed and processes, whatever happened before. */
export function faultOf(seed: number, number: number, processes: readonly string[], isLong = false): Fault {
  const at = (purpose: string): number => draw({ seed, component: 'chaos', entity: purpose, purpose: 'fault', n: number });
  const kind = kindAt(100 * at('kind'));
  const first = Math.floor(at('first') * processes.length);
  const second = (first + 1 + Math.floor(at('second') * (processes.length - 1))) % processes.length;
  const [one = '', other = ''] = [processes[first], processes[second]];
  const victims: Readonly<Record<FaultKind, readonly string[]>> = {
    kill: [one],
    freeze: [one],
    'two-killed': [one, other],
    'servers-killed': servers,
    'everything-killed': processes,
    malformed: ['grid-supply'],
    duplicated: ['grid-supply'],
  };
  const [least, most] = isLong && at('long') < longFreezeShare ? [leastLongMs, mostLongMs] : [leastFreezeMs, mostFreezeMs];
  return {
    number,
    kind,
    victims: victims[kind],
    freezeMs: kind === 'freeze' ? Math.round(least + at('freeze') * (most - least)) : 0,
    pauseMs: Math.round(leastPauseMs + at('pause') * (mostPauseMs - leastPauseMs)),
  };
}

function kindAt(place: number): FaultKind {
  let below = 0;
  for (const [kind, share] of shares) {
    below += share;
    if (place < below) return kind;
  }
  return 'kill';
}

/** What people ask for between two stretches; every order has an id of its own. */
export type OrderPlan =
  | { readonly kind: 'curtail'; readonly campus: string; readonly amountMw: number; readonly minutes: number; readonly request: string }
  | { readonly kind: 'release'; readonly campus: string }
  | { readonly kind: 'inject'; readonly action: 'pause-run' | 'resume-run' | 'trip-unit' | 'return-unit'; readonly target: string };

/** The orders after a stretch: none, one or two. */
export function ordersOf(
  seed: number,
  stretch: number,
  world: { readonly campus: string; readonly runs: readonly string[]; readonly units: readonly string[] },
): readonly OrderPlan[] {
  const at = (purpose: string): number => draw({ seed, component: 'chaos', entity: purpose, purpose: 'order', n: stretch });
  const pick = (list: readonly string[], purpose: string): string => list[Math.floor(at(purpose) * list.length)] ?? '';
  const one = (suffix: string): OrderPlan => {
    const which = at(`which${suffix}`);
    if (which < 0.35) {
      const amountMw = 20 + Math.floor(at(`mw${suffix}`) * 120);
      return {
        kind: 'curtail',
        campus: world.campus,
        amountMw,
        minutes: 30 + 30 * Math.floor(at(`minutes${suffix}`) * 5),
        request: `s${stretch}${suffix}`,
      };
    }
    if (which < 0.5) return { kind: 'release', campus: world.campus };
    const isRun = which < 0.8;
    const isFirst = at(`turn${suffix}`) < 0.5;
    return isRun
      ? { kind: 'inject', action: isFirst ? 'pause-run' : 'resume-run', target: pick(world.runs, `run${suffix}`) }
      : { kind: 'inject', action: isFirst ? 'trip-unit' : 'return-unit', target: pick(world.units, `unit${suffix}`) };
  };
  const count = at('count');
  return count < 0.3 ? [] : count < 0.75 ? [one('a')] : [one('a'), one('b')];
}
