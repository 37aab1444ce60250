import { createBridge } from '../../services/workflow-bridge/bridge.js';
import type { Snapshot } from '../../shared/bus/snapshot.js';
import type { Doors } from '../../shared/runtime/doors.js';
import { runParticipant, shapeOf, type Host, type Remembered } from '../../shared/runtime/participant.js';
import { createLog } from '../../shared/runtime/log.js';
import { observeFacts } from '../../shared/domain/sequenceDesk.js';
import type { SavedSequences } from '../../shared/domain/sequenceHost.js';
import { sequenceHears, type createAddress } from '../../shared/domain/sequences.js';
import type { SequenceStart } from '../../shared/domain/sequence.js';
import type { SavedWorld } from '../../shared/domain/world.js';
import { createConductor, type Score } from './conductor.js';
import { createStriker } from './faults.js';
import { createLoop, newOwner, type Loop, type Owner } from './loop.js';
import { createSequenceStore } from './sequences.js';
import { createStream, wayMs, type Planted, type SimulatedStream } from './stream.js';

/** What a simulated twin is made of: hosts without memory of their own, and the world it goes on from. */
export interface Cast {
  readonly hosts: readonly Host<unknown>[];
  readonly starts: readonly SequenceStart[];
  readonly address: ReturnType<typeof createAddress>;
  /** JSON of the world between two ticks. */
  readonly saved: string;
  readonly score: Score;
}

/** What became of a simulated twin. */
export interface Outcome {
  readonly stored: SimulatedStream['stored'];
  readonly struck: Readonly<Record<string, number>>;
  readonly happened: number;
  readonly lastedMs: number;
  /** Who the clock still waits for at the end; null: it came to its end. */
  readonly waitsFor: string | null;
  /** Why a participant gave up, one line each. */
  readonly gaveUp: readonly string[];
}

const log = createLog('simulation', 'silent');
/** Longer than this nothing may take: 30 minutes of simulated wall time, then 40 s without faults for what is still on its way. */
const bound = { ms: 1_800_000, restMs: 40_000 } as const;

/** Plays a few ticks of a twin with faults that the seed chooses; the same seed does the same to the bit. */
export async function playTwin(cast: Cast, seed: number, planted: Planted | null = null): Promise<Outcome> {
  const loop = createLoop(seed);
  const restarts = new Map<Owner, () => void>();
  const striker = createStriker(loop, (owner) => {
    owner.life += 1;
    loop.later(null, loop.between(50, 5_000), restarts.get(owner) ?? (() => undefined));
  });
  const stream = createStream(loop, striker, planted);
  const saved = JSON.parse(cast.saved) as SavedWorld;
  const sequences = saved.sequences as SavedSequences;
  const clientFor = createSequenceStore(loop, striker, stream, new Map(Object.entries(sequences.hosts.held)));
  const clock = newOwner('clock');
  const conductor = createConductor(loop, stream, clock, cast.score);
  restarts.set(clock, conductor.start);
  const gaveUp: string[] = [];
  const tellClock: Doors<unknown>['tellClock'] = (done) => {
    if (striker.happens('lostDone')) return;
    const tell = (): void => loop.later(clock, loop.between(wayMs.least, wayMs.most), () => conductor.hear(done));
    tell();
    if (striker.happens('doubleDone')) tell();
  };
  const lastTick = cast.score.fromTick - 1;
  const begin = <State>(host: Host<State>, remembered: Pick<Remembered<State>, 'model' | 'counts'>, owner: Owner): void => {
    const done = host.speaksIn.length === 0 ? null : { component: host.component, tick: lastTick, phase: 3 as const, lastSequence: 0 };
    const state: Remembered<State> = { ...remembered, open: null, shape: shapeOf(host.initial()), done };
    const disk = { text: JSON.stringify({ tick: lastTick, streamSequence: 0, state }) };
    const start = (): void => {
      const { life } = owner;
      runParticipant(doorsOf<State>({ loop, striker, stream, owner, disk, tellClock, planted }), host, log)
        .then(({ ended }) => ended)
        .catch((error: unknown) => {
          if (owner.life === life) gaveUp.push(`${owner.name}: ${error instanceof Error ? error.message : String(error)}`);
        });
    };
    restarts.set(owner, start);
    start();
  };
  const bridgeOwner = newOwner('workflow-bridge');
  const bridge = createBridge({
    sequences: clientFor(bridgeOwner),
    starts: cast.starts,
    hears: sequenceHears,
    address: cast.address,
  });
  begin(
    bridge,
    { model: { ...bridge.initial(), desk: observeFacts(sequences.hosts.desk, sequences.heard, cast.address) }, counts: {} },
    bridgeOwner,
  );
  for (const host of cast.hosts) {
    const own = saved.models[host.component];
    if (own === undefined) throw new Error(`nothing was saved of ${host.component}`);
    begin(host, { model: own.state, counts: own.counts }, newOwner(host.component));
  }
  conductor.start();
  await loop.run({ untilMs: bound.ms, isOver: () => conductor.isThrough || gaveUp.length > 0, before: striker.strike });
  const lastedMs = loop.nowMs;
  striker.rest();
  await loop.run({ untilMs: lastedMs + bound.restMs, isOver: () => false, before: () => undefined });
  return {
    stored: stream.stored,
    struck: striker.struck,
    happened: loop.happened,
    lastedMs,
    waitsFor: conductor.isThrough ? null : conductor.waitsFor,
    gaveUp,
  };
}

interface DoorOptions {
  readonly loop: Loop;
  readonly striker: ReturnType<typeof createStriker>;
  readonly stream: SimulatedStream;
  readonly owner: Owner;
  readonly disk: { text: string };
  readonly tellClock: Doors<unknown>['tellClock'];
  readonly planted: Planted | null;
}

/** The doors of one life of a simulated process. */
function doorsOf<State>({ loop, striker, stream, owner, disk, tellClock, planted }: DoorOptions): Doors<Remembered<State>> {
  const way = (): number => loop.between(wayMs.least, wayMs.most);
  let isRecovering = true;
  return {
    publish: (facts) => {
      const isSilent = isRecovering && planted === 'silent-recovery';
      isRecovering = false;
      return stream.publish(owner, isSilent ? [] : facts);
    },
    read: (options) => stream.read(owner, options),
    firstSequence: () => Promise.resolve(1),
    snapshots: {
      load: () => new Promise((resolve) => loop.later(owner, way(), () => resolve(JSON.parse(disk.text) as Snapshot<Remembered<State>>))),
      save: (snapshot) => {
        const ahead = planted === 'snapshot-ahead' ? { ...snapshot, streamSequence: snapshot.streamSequence + 1 } : snapshot;
        const text = JSON.stringify(ahead);
        return new Promise((resolve, reject) => {
          loop.later(owner, way(), () => {
            if (striker.happens('fullDisk')) {
              reject(new Error('no space left on device'));
              return;
            }
            disk.text = text;
            loop.later(owner, way(), resolve);
          });
        });
      },
    },
    tellClock,
    nowMs: () => loop.nowMs + owner.jumpMs,
    every: (periodMs, action) => {
      let isOn = true;
      const again = (): void => {
        if (!isOn) return;
        action();
        loop.later(owner, periodMs, again);
      };
      loop.later(owner, periodMs, again);
      return () => (isOn = false);
    },
    close: () => undefined,
  };
}
