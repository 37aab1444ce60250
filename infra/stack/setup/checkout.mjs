import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, lastLine, run, say } from './terminal.mjs';

/** Stops with one line when this Node is too old: the packages need 20.19. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`node: found ${version}, allowed is 20.19 or newer`, 2);
}

/** Whether the installed packages are those of the lock file; packages for other platforms may be absent. */
export function packagesAreFresh(repo) {
  const installedPath = join(repo, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const wanted = JSON.parse(readFileSync(join(repo, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || installed[path]?.version === entry.version || (installed[path] === undefined && entry.optional === true),
  );
}

/** Installs the locked packages when they are missing or of another lock file. */
export async function ensurePackages(repo) {
  if (packagesAreFresh(repo)) return;
  say('packages: npm ci (10 to 20 s)');
  const { code, output } = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { cwd: repo });
  if (code !== 0) throw new SetupError(`packages: npm ci failed: ${npmReason(output)}`);
  say('packages: ready');
}

/** First sentence npm says about its failure. */
function npmReason(output) {
  const lines = output.split('\n').filter((line) => /^npm error (?!code |A complete log)\S/.test(line));
  return lines[0]?.replace('npm error ', '') ?? lastLine(output);
}

const sourceFolders = ['shared', 'services', 'workflows', 'infra'];
const sourceFile = /\.(ts|tsx|mjs|css|html|json|svg)$/;

/** Fingerprint of everything the build reads: names, sizes and times of change of all sources and of the locked packages. */
export function fingerprint(repo) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (sourceFile.test(entry.name)) add(path);
    }
  };
  for (const folder of sourceFolders) if (existsSync(join(repo, folder))) walk(join(repo, folder));
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) add(join(repo, file));
  return hash.digest('hex');
}

/** Notes that `dist/` is what these sources give; `print` was taken before the build, so a change during it counts. */
export function noteBuild(repo, print) {
  mkdirSync(join(repo, 'dist'), { recursive: true });
  writeFileSync(join(repo, 'dist', '.stamp'), print);
}

/** Builds `dist/` when a source has changed since the last build. */
export async function ensureBuild(repo) {
  const stampPath = join(repo, 'dist', '.stamp');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === fingerprint(repo)) return;
  say('build: compiling');
  const { code, output } = await run('npm', ['run', '--silent', 'build'], { cwd: repo });
  if (code !== 0) {
    process.stderr.write(output);
    throw new SetupError('build: npm run build failed, see above');
  }
  say('build: ready');
}
