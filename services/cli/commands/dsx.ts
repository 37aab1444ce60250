import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { connectBus, type Bus } from '../../../shared/bus/connect.js';
import { opened, sealed, sourceOf, topicOf } from '../../../shared/dsx/envelope.js';
import { checkedPublicKey, newKeyPair, verifyJws } from '../../../shared/dsx/jws.js';
import { agentFile, isvFile, readAgent, readIsv, writeSettings, type AgentSettings } from '../../../shared/dsx/settings.js';
import { wallDelay, wallNow } from '../../../shared/runtime/clock.js';
import { homeDir, loadConfig } from '../../../shared/runtime/config.js';
import { TwinError, wrongInput } from '../../../shared/runtime/errors.js';
import { readJson } from '../../../shared/scenario/files.js';
import { aboveZero, numberIn } from '../dispatch/options.js';
import { printJson } from '../output.js';

const idPattern = /^[a-z0-9][a-z0-9-]{0,59}$/;
const againMs = 1_000;

function identifierOf(option: string, text: string): string {
  if (idPattern.test(text)) return text;
  throw wrongInput(`${option}: found ${JSON.stringify(text.slice(0, 80))}, allowed: a-z, 0-9 and -, up to 60 characters`);
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((name) => identifierOf('--feeds', name.trim()));
}

/** The side of the campuses as it stands, or a new one. */
function agentSettings(): { readonly settings: AgentSettings; readonly home: string } {
  const home = homeDir();
  return { home, settings: readAgent(home) ?? { agent: 'loadstone', key: newKeyPair().privateKey, isvs: {} } };
}

function publicPart({ kid, kty, crv, x, y, n, e }: AgentSettings['key']) {
  return { kid, kty, ...(kty === 'EC' ? { crv, x, y } : { n, e }) } as AgentSettings['key'];
}

function init(isv: string, feeds: readonly string[]): void {
  const { settings, home } = agentSettings();
  const pair = newKeyPair();
  writeSettings(home, agentFile(home), { ...settings, isvs: { ...settings.isvs, [isv]: { keys: [pair.publicKey], feeds } } });
  writeSettings(home, isvFile(home, isv), {
    id: isv,
    key: pair.privateKey,
    agent: settings.agent,
    agentKeys: [publicPart(settings.key)],
  });
  process.stdout.write(`${isv} is heard for ${feeds.join(', ')}; its key is in ${isvFile(home, isv)}\n`);
}

async function trust(isv: string, file: string, feeds: readonly string[]): Promise<void> {
  const { settings, home } = agentSettings();
  const value = (await readJson(file)) as { readonly keys?: unknown };
  const list: readonly unknown[] = Array.isArray(value.keys) ? value.keys : [value];
  const keys = list.map((key, index) => checkedPublicKey(key, `${file}: keys[${index}]`));
  writeSettings(home, agentFile(home), { ...settings, isvs: { ...settings.isvs, [isv]: { keys, feeds } } });
  printJson({ keys: [publicPart(settings.key)] });
}

async function withIsvBus<Value>(run: (bus: Bus) => Promise<Value>): Promise<Value> {
  const { natsUrl: url, natsPassword: password } = loadConfig('isv');
  const bus = await connectBus({ url, user: 'isv', password, component: 'isv', root: 'twin' });
  try {
    return await run(bus);
  } finally {
    await bus.close();
  }
}

interface SendOptions {
  readonly isv: string;
  readonly feeds?: string;
  readonly limitMw?: string;
  readonly from?: string;
  readonly until?: string;
  readonly bestEffort?: boolean;
  readonly wait: string;
}

/** Sends a load target until it is answered, and prints each verified state of power until the time is over. */
async function send(options: SendOptions): Promise<void> {
  const settings = readIsv(homeDir(), identifierOf('--isv', options.isv));
  const waitSeconds = numberIn('--wait', options.wait, aboveZero);
  const correlationId = randomUUID();
  const interval = {
    ...(options.from === undefined ? {} : { start_time: options.from }),
    ...(options.until === undefined ? {} : { end_time: options.until }),
  };
  const target = {
    interval,
    ...(options.feeds === undefined ? {} : { feed_tags: listOf(options.feeds) }),
    load_constraint: options.limitMw === undefined ? null : { value: numberIn('--limit-mw', options.limitMw, aboveZero), unit: 'megawatt' },
    strategy: { best_effort: options.bestEffort === true },
  };
  const event = { type: 'grid.loadtarget.set.v1', source: sourceOf('isv', settings.id), correlationId, trace: null } as const;
  const message = new TextEncoder().encode(sealed(event, { targets: [target] }, settings.key, new Date(wallNow()).toISOString()));
  const subject = topicOf('grid.loadtarget.set.v1', settings.id).replaceAll('/', '.');
  await withIsvBus(async (bus) => {
    let isAnswered = false;
    let refusal: string | null = null;
    bus.connection.subscribe(`grid.v1.dsx-flex-agent.${settings.agent}.>`, {
      callback: (error, { data }) => {
        if (error !== null) return;
        const heard = opened(data, {
          types: ['grid.powerstate.status.v1', 'grid.powerbreach.alert.v1'],
          source: sourceOf('dsx-flex-agent', settings.agent),
        });
        const payload = verifyJws(heard.data, settings.agentKeys) as {
          readonly refusals?: readonly { readonly correlation_id: string; readonly reason: string }[];
        };
        process.stdout.write(`${JSON.stringify({ type: heard.type, correlationId: heard.correlationId, ...payload })}\n`);
        if (heard.correlationId === correlationId) isAnswered = true;
        refusal = payload.refusals?.find((own) => own.correlation_id === correlationId)?.reason ?? refusal;
      },
    });
    const endMs = wallNow() + waitSeconds * 1_000;
    while (wallNow() < endMs && refusal === null) {
      if (!isAnswered) bus.connection.publish(subject, message);
      await wallDelay(againMs);
    }
    if (refusal !== null) throw new TwinError('TWIN_REFUSED', `dsx: ${String(refusal)}`);
    if (!isAnswered) throw new TwinError('TWIN_BUS_UNAVAILABLE', `dsx: nobody answered within ${waitSeconds} s`, { retryable: true });
  });
}

export function register(program: Command): void {
  const dsx = program
    .command('dsx')
    .description('Load targets of the grid and states of power in the words of NVIDIA DSX Flex 1.7, signed, over MQTT.')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx loadstone dsx init --isv acme --feeds riverbend\n\nWho says what on which topic: docs/dsx-flex.md',
    );
  dsx
    .command('init')
    .description('Makes keys for a side of the grid and trusts it for some campuses.')
    .requiredOption('--isv <id>', 'identifier of the side of the grid')
    .requiredOption('--feeds <campuses>', 'campuses it may limit, with commas between')
    .addHelpText('after', '\nExample:\n  $ npx loadstone dsx init --isv acme --feeds riverbend')
    .action(({ isv, feeds }: { readonly isv: string; readonly feeds: string }) => init(identifierOf('--isv', isv), listOf(feeds)));
  dsx
    .command('trust <file>')
    .description('Trusts the public keys (JSON Web Keys) of somebody else, and prints those that states of power are signed with.')
    .requiredOption('--isv <id>', 'identifier of the side of the grid')
    .requiredOption('--feeds <campuses>', 'campuses it may limit, with commas between')
    .addHelpText('after', '\nExample:\n  $ npx loadstone dsx trust acme.jwks.json --isv acme --feeds riverbend')
    .action((file: string, { isv, feeds }: { readonly isv: string; readonly feeds: string }) =>
      trust(identifierOf('--isv', isv), file, listOf(feeds)),
    );
  dsx
    .command('send')
    .description('Stands in for the side of the grid: sends a signed limit, and prints what is answered; exit 1 when it is refused.')
    .requiredOption('--isv <id>', 'who sends, as `dsx init` made it')
    .option('--limit-mw <mw>', 'power the feeds are to stay below; absent: what stands is taken back')
    .option('--feeds <campuses>', 'absent: all it may limit')
    .option('--from <instant>', 'twin instant; absent: now')
    .option('--until <instant>', 'twin instant; absent: as long as the contracts allow')
    .option('--best-effort', 'what can be given is enough')
    .option('--wait <seconds>', 'how long answers are printed', '10')
    .addHelpText('after', '\nExample:\n  $ npx loadstone dsx send --isv acme --feeds riverbend --limit-mw 300')
    .action((options: SendOptions) => send(options));
}
