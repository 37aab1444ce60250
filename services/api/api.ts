import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoDir } from '../../infra/stack/paths.js';
import type { ClockStatus } from '../../shared/bus/answers.js';
import type { Bus } from '../../shared/bus/connect.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { ask, serve } from '../../shared/bus/request.js';
import { TwinError } from '../../shared/runtime/errors.js';
import type { RunningService, ServiceContext } from '../../shared/runtime/service.js';
import { startFeed } from './feed.js';
import { platformCondition } from '../../shared/runtime/condition.js';
import { createInjector, type ClockSide } from './injector.js';
import { createPeople } from './people.js';
import { createServer } from './server.js';

/** Longest wait for the clock to let load targets be acted on, wall ms. */
const betweenMs = 3_000;
/** Longest wait for the clock to be between two ticks, wall ms: in lock-step a frozen service holds it. */
const admitMs = 2_000;

function clockSideOf(bus: Bus, log: ServiceContext['log']): ClockSide {
  return {
    admit: (id) =>
      ask<ClockStatus>(bus, 'clock', 'admit', { id }, admitMs).then(
        ({ tick }) => (tick > 0 ? tick - 1 : null),
        (error: unknown) => {
          log.warn({ error }, 'recorded without the clock');
          return null;
        },
      ),
    admitted: (id) =>
      void ask(bus, 'clock', 'admitted', { id }).catch((error: unknown) => log.warn({ error }, 'the clock goes on by itself')),
    actBetween: () =>
      ask(bus, 'clock', 'between', {}, betweenMs).catch((error: unknown) => log.warn({ error }, 'acted on in the next tick')),
  };
}

/**
 * Serves page, state, events and intents on 127.0.0.1, and `state` and `inject` on the bus. Listens once it has read what is in the stream.
 * @throws when the port is taken.
 */
export async function startApi({ bus, config, log, world }: ServiceContext): Promise<RunningService> {
  const feed = await startFeed(bus, world);
  const publisher = createPublisher(bus);
  const injector = createInjector(feed, publisher, world, clockSideOf(bus, log));
  await serve(bus, 'api', {
    inject: (body) => injector.inject(body),
    proposals: () => Promise.resolve(injector.proposals()),
    confirm: (body) => injector.confirm(body),
    withdraw: (body) => injector.withdraw(body),
    note: (body) => injector.note(body),
    state: async () => {
      await feed.caughtUp;
      return { ...feed.view, pulse: feed.pulse() };
    },
  });
  await feed.caughtUp;
  const { brokenAt } = feed.chain;
  if (brokenAt !== null) {
    log.error({ brokenAt }, 'the record of what people asked for is not whole');
    const told = {
      component: 'api',
      condition: 'audit-broken',
      detail: `audit: ${brokenAt}`,
      active: true,
      severity: 'critical' as const,
      by: 'api',
    };
    await publisher.publish([platformCondition(told)]);
  }
  const people = createPeople(config.homeDir, world.controls === 'two-person');
  const server = await createServer({ bus, world, feed, injector, people, version: versionOf(), homeDir: config.homeDir });
  await server.listen({ host: '127.0.0.1', port: config.apiPort }).catch((cause: NodeJS.ErrnoException) => {
    throw new TwinError('TWIN_NOT_RUNNING', `api: cannot listen on 127.0.0.1:${config.apiPort}: ${cause.code ?? cause.message}`, { cause });
  });
  log.info({ port: config.apiPort }, 'serving');
  return {
    ended: feed.ended,
    stop: async () => {
      await server.close();
      feed.close();
      publisher.close();
    },
  };
}

/** Version in the package of the checkout. */
function versionOf(): string {
  return (JSON.parse(readFileSync(join(repoDir(), 'package.json'), 'utf8')) as { readonly version: string }).version;
}
