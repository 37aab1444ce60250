import type { World } from '../scenario/schema.js';
import { TwinError } from '../runtime/errors.js';
import type { Bus } from './connect.js';
import { bucketsOf } from './topology.js';

const bundleName = 'bundle';
const hashName = 'hash';

/** Keeps the bundle of a world and its content hash; the administrator does it once per world. */
export async function storeWorld(bus: Bus, world: World, hash: string): Promise<void> {
  const store = await bus.connection.jetstream().views.os(bucketsOf(bus.root).world);
  await store.putBlob({ name: bundleName }, new TextEncoder().encode(JSON.stringify(world)));
  await store.putBlob({ name: hashName }, new TextEncoder().encode(hash));
}

/** Hash of the stored world, or null when this root has none yet. */
export async function storedHash(bus: Bus): Promise<string | null> {
  const store = await bus.connection.jetstream().views.os(bucketsOf(bus.root).world);
  const blob = await store.getBlob(hashName);
  return blob === null ? null : new TextDecoder().decode(blob);
}

/** The world everyone reads. @throws TWIN_NOT_RUNNING when the root has none. */
export async function loadWorld(bus: Bus): Promise<World> {
  const store = await bus.connection.jetstream().views.os(bucketsOf(bus.root).world);
  const blob = await store.getBlob(bundleName);
  if (blob === null) throw new TwinError('TWIN_NOT_RUNNING', `${bus.root}: has no world yet; start one with \`npx loadstone up\``);
  return JSON.parse(new TextDecoder().decode(blob)) as World;
}
