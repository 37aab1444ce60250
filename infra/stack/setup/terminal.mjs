import { spawn } from 'node:child_process';

/** Ends the setup with one line for a person; the number is the exit code. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong, what was found, what is allowed
   * @param {number} exitCode 2 for wrong input, 1 when a step failed
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}

/** One progress line on stderr; stdout stays free for the JSON of the command that follows. */
export function say(line) {
  process.stderr.write(`loadstone: ${line}\n`);
}

/**
 * Runs a program to its end and answers its exit code and what it printed; `inherit` shows its output as it comes.
 * Never throws: a program that cannot be started answers code 127.
 */
export function run(program, args, { cwd, env, inherit = false, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}\nended by ${signal}` });
    });
  });
}

/** Last line of a program's output that says something, for one-line messages. */
export function lastLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('WARNING') && !line.startsWith('[notice]'));
  return lines.at(-1) ?? 'no output';
}
