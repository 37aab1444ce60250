import { studyDepositUsd, type Gate } from './gates.js';
import type { BlockState } from './state.js';

/** What giving up a gate costs, and what of it comes back; nothing while it is closed. USD. */
export function givenUpUsd(gate: Gate): { readonly lostUsd: number; readonly releasedUsd: number } {
  if (gate.status === 'closed' || gate.openedMs === undefined) return { lostUsd: 0, releasedUsd: 0 };
  const atRiskUsd = gate.atRiskUsd ?? 0;
  const releasedUsd = atRiskUsd * (gate.refundRatio ?? 0);
  return { lostUsd: gate.costUsd + atRiskUsd - releasedUsd, releasedUsd };
}

/** What a block loses at a site without stages: the study deposit of every application made for it. USD. */
export function depositsUsd(block: BlockState): number {
  return block.gates.filter((gate) => gate.kind === 'permit' && gate.status !== 'closed').length * studyDepositUsd(block.capacityMw);
}

/** What a project has spent and would lose if it were given up now, each shared stage once. USD. */
export function exposureOf(blocks: readonly BlockState[]): { readonly spentUsd: number; readonly atRiskUsd: number } {
  const seen = new Set<string>();
  let [spentUsd, atRiskUsd] = [0, 0];
  for (const gate of blocks.flatMap((block) => block.gates)) {
    if (seen.has(gate.id)) continue;
    seen.add(gate.id);
    if (gate.openedMs !== undefined) spentUsd += gate.costUsd;
    atRiskUsd += givenUpUsd(gate).lostUsd;
  }
  return { spentUsd, atRiskUsd };
}
