import { createHash } from 'node:crypto';
import { readStream } from '../../shared/bus/read.js';
import type { Fact } from '../../shared/domain/fact.js';
import { worldLines, type TestTwin } from './twin.js';

/** One digest a tick: a month of facts is too much to hold twice. */
export function digest(facts: readonly Fact[], tick: number): string {
  const lines = worldLines(facts, tick);
  return `${lines.length} ${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

/** What a live twin said in each of its first ticks. */
export async function liveDigests(twin: TestTwin, ticks: number): Promise<readonly string[]> {
  const ofTick: Fact[][] = Array.from({ length: ticks }, () => []);
  const told: string[] = [];
  const reader = readStream(await twin.connect(), { fromSequence: 1 });
  for await (const { fact, pending } of reader) {
    ofTick[fact.tick]?.push(fact);
    // What a sequence says of a tick may come in the next one, and nothing later than that.
    for (let done = told.length; done < fact.tick - 1 && done < ticks; done++) told.push(digest(ofTick[done]?.splice(0) ?? [], done));
    if (pending === 0) break;
  }
  for (let done = told.length; done < ticks; done++) told.push(digest(ofTick[done] ?? [], done));
  return told;
}
