import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { findServers } from '../../../infra/stack/find.js';
import { freeBytes, freeBytesMin, prepareHome } from '../../../infra/stack/home.js';
import { holderOf, leftoversOf } from '../../../infra/stack/lock.js';
import { pathsOf, programsDir, type StackPaths } from '../../../infra/stack/paths.js';
import { isFree, settingOf } from '../../../infra/stack/ports.js';
import { listeners } from '../../../infra/stack/settings.js';
import { homeDir } from '../../../shared/runtime/config.js';

/** One thing that was looked at; a fix stands only where something is wrong or could be better. */
interface Check {
  readonly name: string;
  readonly verdict: 'good' | 'note' | 'trouble';
  readonly found: string;
  readonly fix: string | null;
}

/** `loadstone doctor`: looks at everything a start needs and prints the fix; exit 1 when something stands in the way. */
export function register(program: Command): void {
  program
    .command('doctor')
    .description('check Node, servers, ports, disk and leftovers, and say how to mend them')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ npx loadstone doctor')
    .action(async (options: { readonly json?: boolean }) => {
      const paths = pathsOf(homeDir());
      const checks = [checkNode(), ...checkServers(), checkHome(paths), ...(await checkPorts(paths)), checkLeftovers(paths)];
      const healthy = checks.every(({ verdict }) => verdict !== 'trouble');
      if (!healthy) process.exitCode = 1;
      const text = checks.map(
        ({ name, verdict, found, fix }) => `${verdict.padEnd(8)}${name.padEnd(22)}${found}${fix === null ? '' : `; ${fix}`}`,
      );
      process.stdout.write(`${options.json === true ? JSON.stringify({ healthy, checks }) : text.join('\n')}\n`);
    });
}

function good(name: string, found: string): Check {
  return { name, verdict: 'good', found, fix: null };
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return fits
    ? good('node', process.versions.node)
    : { name: 'node', verdict: 'trouble', found: process.versions.node, fix: 'install Node 20.19 or newer' };
}

function checkServers(): readonly Check[] {
  try {
    const { nats, temporal, influx } = findServers();
    const history: Check =
      'missing' in influx
        ? {
            name: 'influxd',
            verdict: 'note',
            found: `history is off: ${influx.missing}`,
            fix: 'install the package influxdb (1.x) and run `node infra/stack/setup.mjs`',
          }
        : good('influxd', `${influx.version} (${influx.origin}) ${influx.path}`);
    return [
      good('nats-server', `${nats.version} (${nats.origin}) ${nats.path}`),
      good('temporal', `${temporal.version} (${temporal.origin}) ${temporal.path}`),
      history,
    ];
  } catch (error) {
    return [
      {
        name: 'servers',
        verdict: 'trouble',
        found: error instanceof Error ? error.message : String(error),
        fix: `programs belong in ${programsDir()}`,
      },
    ];
  }
}

function checkHome(paths: StackPaths): Check {
  try {
    prepareHome(paths);
    const owner = statSync(paths.home).mode & 0o077;
    const free = `${paths.home}, ${Math.floor(freeBytes(paths.home) / 1e6)} MB free (at least ${freeBytesMin / 1e6})`;
    return owner === 0
      ? good('home', free)
      : { name: 'home', verdict: 'note', found: `${free}, others may look into it`, fix: `chmod 700 ${paths.home}` };
  } catch (error) {
    return { name: 'home', verdict: 'trouble', found: error instanceof Error ? error.message : String(error), fix: null };
  }
}

async function checkPorts(paths: StackPaths): Promise<readonly Check[]> {
  if (holderOf(paths) !== null) return [good('ports', 'in use by the running twin')];
  return Promise.all(
    Object.entries(listeners).map(async ([name, { usual, variable }]): Promise<Check> => {
      const demanded = settingOf(variable);
      const port = Number(demanded ?? usual);
      if (await isFree(port)) return good(`port ${name}`, `${port} is free`);
      return demanded === undefined
        ? { name: `port ${name}`, verdict: 'note', found: `${port} is taken`, fix: 'another free port will be used' }
        : {
            name: `port ${name}`,
            verdict: 'trouble',
            found: `${variable} demands ${demanded}, which is taken`,
            fix: `end the other program or unset ${variable}`,
          };
    }),
  );
}

function checkLeftovers(paths: StackPaths): Check {
  const holder = holderOf(paths);
  if (holder !== null) return good('twin', `runs as process ${holder.pid}`);
  const leftovers = leftoversOf(paths);
  if (leftovers.length === 0) return good('twin', 'stopped, nothing left behind');
  return {
    name: 'twin',
    verdict: 'trouble',
    found: `left behind by a crash: ${leftovers.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`,
    fix: 'run `npx loadstone down`',
  };
}
