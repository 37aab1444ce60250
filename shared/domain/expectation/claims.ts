import { yearOf } from '../days.js';
import type { Pledge } from '../queue/pledges.js';

/** Power that was announced for a day, and what came of it. */
export interface Claim {
  readonly mw: number;
  /** Day on which it was announced; nobody expected it before. Days count from 1970-01-01. */
  readonly madeDay: number;
  /** Day for which it was announced. */
  readonly promisedDay: number;
  /** Day from which the power was there; null: it never was, or not yet. */
  readonly deliveredDay: number | null;
  /** Part of it that was there then, MW. */
  readonly deliveredMw: number;
  /** Withdrawn by the day of the record: it stays announced, and is never to come. */
  readonly isGivenUp: boolean;
}

/** Claims of a queue, and how many of its projects make none of use. */
export interface QueueClaims {
  readonly claims: readonly Claim[];
  /** Without a day of request, a day as filed, or a capacity above 0. */
  readonly withoutClaim: number;
  /** Built on a day that the file does not tell: left out, because neither late nor in time. */
  readonly undated: number;
}

/** What the projects of a queue announced when they asked; what is withdrawn later was announced all the same. */
export function claimsOf(pledges: readonly Pledge[]): QueueClaims {
  const claims: Claim[] = [];
  let [withoutClaim, undated] = [0, 0];
  for (const { requestDay, filedDay, onlineDay, isBuilt, isOpen, capacityMw } of pledges) {
    if (requestDay === null || filedDay === null || capacityMw === null || capacityMw <= 0) withoutClaim++;
    else if (isBuilt && onlineDay === null) undated++;
    else {
      const deliveredMw = onlineDay === null ? 0 : capacityMw;
      const isGivenUp = onlineDay === null && !isOpen;
      claims.push({ mw: capacityMw, madeDay: requestDay, promisedDay: filedDay, deliveredDay: onlineDay, deliveredMw, isGivenUp });
    }
  }
  return { claims, withoutClaim, undated };
}

/** Year in which a claim was made. */
export function vintageOf({ madeDay }: Claim): number {
  return yearOf(madeDay);
}
