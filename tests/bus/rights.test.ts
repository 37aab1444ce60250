import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshots } from '../../shared/bus/snapshot.js';
import { components, topology } from '../../shared/bus/topology.js';
import { loadWorld, storeWorld } from '../../shared/bus/world.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { startServers, type TestServers } from '../support/stack.js';

const services = components.filter((component) => component !== 'integrator' && component !== 'isv');
const keepers = components.filter((component) => topology[component]?.snapshots === true);

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true });
  const { world, hash } = await resolveWorld({ scenario: 'three-areas' });
  await storeWorld(await servers.connect('supervisor'), world, hash);
});
afterAll(() => servers.stop());

describe('the generated users', () => {
  test.each(services)('%s reads the world with its own rights', async (component) => {
    expect((await loadWorld(await servers.connect(component))).name).toBe('three-areas');
  });

  test.each(keepers)('%s keeps a small and a large snapshot with its own rights', async (component) => {
    const store = await openSnapshots<string>(await servers.connect(component));
    for (const state of ['small', 'x'.repeat(700_000)]) {
      await store.save({ tick: 1, streamSequence: 1, state });
      expect((await store.load())?.state.length).toBe(state.length);
    }
  });

  test('a service cannot publish the facts of another one, and an integrator none', async () => {
    for (const component of ['cluster-demand', 'integrator']) {
      const { connection } = await servers.connect(component);
      const refusal = nextError(connection.status());
      connection.publish('twin.all.grid.supply.v1.west', '{}');
      expect(await refusal).toContain('grid.supply');
    }
  });
});

/** Text of the next error a connection reports. */
async function nextError(
  status: AsyncIterable<{ readonly type: string; readonly data: unknown; readonly permissionContext?: unknown }>,
): Promise<string> {
  for await (const event of status) if (event.type === 'error') return JSON.stringify(event);
  return 'closed';
}
