import { userInfo } from 'node:os';
import type { Bus } from '../../shared/bus/connect.js';
import { ask } from '../../shared/bus/request.js';
import type { AuditAction, TargetKind } from '../../shared/events/control.js';

/** What a person wants done; recorded as external input and in effect from the next tick. */
export interface Intent {
  readonly action: AuditAction;
  readonly target: string;
  /** Instants of voltage dips, s after the start of the tick they take effect in. */
  readonly atSeconds?: readonly number[];
  /** Campus a run is to go to. */
  readonly destination?: string;
  readonly reason: string;
  readonly amountMw?: number;
  readonly days?: number;
  readonly request?: string;
  readonly targetKind?: TargetKind;
  readonly fromTime?: string;
  readonly untilTime?: string;
  readonly rampMinutes?: number;
  readonly isBestEffort?: boolean;
}

/** Hands an intent to the twin; answers the tick after which it takes effect. @throws the refusal, naming what is allowed. */
export function submit(bus: Bus, intent: Intent): Promise<{ readonly accepted: boolean; readonly tick: number }> {
  return ask(bus, 'api', 'inject', { ...intent, actor: userInfo().username });
}
