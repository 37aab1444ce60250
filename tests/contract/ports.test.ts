import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { isFree, pickPort } from '../../infra/stack/ports.js';

test('a port is picked below those that outgoing connections use, is free, and is given only once', async () => {
  const ports = await Promise.all(Array.from({ length: 30 }, () => pickPort(null)));
  expect(new Set(ports).size).toBe(30);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...ports)).toBeLessThan(32_000);
  expect(await isFree(ports[0] ?? 0)).toBe(true);
});

test('a usual port that another program holds is not picked', async () => {
  const usual = await pickPort(null);
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen({ port: usual, host: '127.0.0.1' }, () => resolve()));
  try {
    expect(await pickPort(usual)).not.toBe(usual);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
});
