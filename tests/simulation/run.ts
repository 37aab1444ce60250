import { parseArgs } from 'node:util';
import { stopwatchMs } from '../../shared/runtime/clock.js';
import { openCampaign } from './campaign.js';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, first: { type: 'string', default: '1' } } });
const [seeds, first] = [Number(values.seeds), Number(values.first)];
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(first) || seeds < 1 || first < 0) {
  process.stderr.write(
    `simulation: found --seeds ${values.seeds} --first ${values.first}, allowed: a whole number of seeds from 1, and a first one from 0\n`,
  );
  process.exit(2);
}

const tellEvery = 1_000;
const struck: Record<string, number> = {};
const campaign = await openCampaign();
const beganMs = stopwatchMs();
let [wrong, happened] = [0, 0];
for (let seed = first; seed < first + seeds; seed++) {
  const { outcome, found } = await campaign.try(seed);
  happened += outcome.happened;
  for (const [kind, times] of Object.entries(outcome.struck)) struck[kind] = (struck[kind] ?? 0) + times;
  if (found.length > 0) {
    wrong += 1;
    process.stderr.write(
      `simulation: seed ${seed}: ${found.slice(0, 3).join('; ')}\n  npm run test:simulation -- --first ${seed} --seeds 1\n`,
    );
  }
  const done = seed - first + 1;
  if (done % tellEvery === 0 && done < seeds) {
    const leftMinutes = (((stopwatchMs() - beganMs) / done) * (seeds - done)) / 60_000;
    process.stderr.write(`simulation: ${done} of ${seeds} worlds, ${wrong} wrong, ${leftMinutes.toFixed(1)} min left\n`);
  }
}
campaign.close();
const faults = Object.values(struck).reduce((sum, times) => sum + times, 0);
const kinds = Object.entries(struck)
  .sort()
  .map(([kind, times]) => `${kind} ${times}`)
  .join(', ');
const seconds = ((stopwatchMs() - beganMs) / 1_000).toFixed(0);
process.stdout.write(
  `simulation: seeds ${first} to ${first + seeds - 1}, ${seconds} s, ${happened} happenings, ${faults} faults (${kinds}), ` +
    `${wrong === 0 ? 'all say what the kernel says' : `${wrong} WRONG`}\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;
