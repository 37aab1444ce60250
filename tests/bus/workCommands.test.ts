import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register as registerPower } from '../../services/cli/commands/power.js';
import { register as registerTraining } from '../../services/cli/commands/training.js';
import type { LedgerAnswer } from '../../services/cli/power/ledgerAnswer.js';
import { classesIn, uptimeAnswerOf } from '../../services/cli/training/uptime.js';
import type { UptimeAnswer } from '../../services/cli/training/uptimeAnswer.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { storeWorld } from '../../shared/bus/world.js';
import { emptyEnergyLedger, hearEnergy } from '../../shared/domain/ledger/twinEnergy.js';
import { minuteMs } from '../../shared/domain/ticks.js';
import { hearUptime, nothingHeard } from '../../shared/domain/uptime/hear.js';
import { audit, flexibleWorld, riverbend, startMs } from '../support/clusterWorld.js';
import { runCommand } from '../support/commandLine.js';
import { startServers, type TestServers } from '../support/stack.js';

const campuses = riverbend().campuses.map((campus) => ({ ...campus, inferenceMinMw: 40, inferenceMaxMw: 60 }));
const scenario = riverbend({ campuses });
const world = flexibleWorld(scenario, () => []);
const facts = Array.from({ length: 40 }, (_, tick) => {
  if (tick === 6) world.inject(audit('pause-run', 'cinder', 5));
  if (tick === 18) world.inject(audit('resume-run', 'cinder', 17));
  if (tick === 30) world.inject(audit('trip-campus', 'riverbend', 29));
  return world.tick();
})
  .flat()
  .filter(({ component }) => component === 'cluster-demand');

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  await storeWorld(await servers.connect('supervisor'), scenario, 'test');
  const publisher = createPublisher(await servers.connect('cluster-demand'));
  await publisher.publish(facts);
  publisher.close();
  process.env['LOADSTONE_HOME'] = servers.home;
}, 60_000);
afterAll(async () => {
  delete process.env['LOADSTONE_HOME'];
  await servers.stop();
});

describe('commands that read the whole stream of a twin', () => {
  it('tell the uptime that follows from its facts', async () => {
    const hearing = facts.reduce((before, fact) => hearUptime(before, fact, 5 * minuteMs), nothingHeard);
    const { out } = await runCommand(registerTraining, ['training', 'uptime', '--training', '98', '--json']);
    const answer = JSON.parse(out) as UptimeAnswer;
    expect(answer).toEqual(uptimeAnswerOf(hearing, classesIn({ training: '98', inference: 'eight-nines' }), startMs));
    expect(answer.workloads.find(({ kind }) => kind === 'inference')).toMatchObject({
      interruptions: 1,
      lostSeconds: 10 * 300,
      verdict: 'broken',
    });
  });

  it('take the energy of a run so far as that of training', async () => {
    const ledger = facts.reduce((before, fact) => hearEnergy(before, fact, 5 * minuteMs), emptyEnergyLedger);
    const words = ['power', 'ledger', '--workload', 'weather', '--run', 'cinder', '--json'];
    const answer = JSON.parse((await runCommand(registerPower, words)).out) as LedgerAnswer;
    expect(answer.rows[0]?.trainingMwh).toBeCloseTo(ledger.accounts.get('training/cinder')?.mwh ?? 0, 9);
    expect(answer.rows[0]?.trainingMwh).toBeGreaterThan(50);
    await expect(runCommand(registerPower, ['power', 'ledger', '--workload', 'chat', '--run', 'zeus'])).rejects.toThrow(
      /--run: found zeus, allowed: atlas, boreas, cinder/,
    );
  });
});
