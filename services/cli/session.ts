import { connectBus, type Bus } from '../../shared/bus/connect.js';
import { loadConfig } from '../../shared/runtime/config.js';

/** Runs a command with a connection to the running twin and closes it afterwards. @throws TWIN_NOT_RUNNING when none runs here. */
export async function withBus<Value>(run: (bus: Bus) => Promise<Value>): Promise<Value> {
  const config = loadConfig('cli');
  const bus = await connectBus({
    url: config.natsUrl,
    user: config.natsUser,
    password: config.natsPassword,
    component: 'cli',
    root: config.root,
  });
  try {
    return await run(bus);
  } finally {
    await bus.close();
  }
}
