import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { wallNow } from './clock.js';
import { wrongInput } from './errors.js';

/** What a person may do: an operator asks for what changes the twin, an observer looks. */
export const roles = ['operator', 'observer'] as const;
export type Role = (typeof roles)[number];

/** Somebody who was given a token; of the token itself only its hash is kept. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  readonly tokenHash: string;
  readonly grantedTime: string;
}

const namePattern = /^[a-z][a-z0-9.-]{0,39}$/;

function fileOf(home: string): string {
  return join(home, 'access.json');
}

/** Everybody who has access to a home; nobody where none was granted. */
export function peopleOf(home: string): readonly Person[] {
  const file = fileOf(home);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly people: readonly Person[] }).people : [];
}

/** Writes the list whole and readable by its owner only. */
function writePeople(home: string, people: readonly Person[]): void {
  const file = fileOf(home);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify({ people }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
  chmodSync(file, 0o600);
}

/**
 * Gives a person a token, in place of the one they may have had; it is answered once and kept nowhere.
 * @throws TWIN_WRONG_INPUT for a name or role that cannot be.
 */
export function grantAccess(home: string, name: string, role: string): string {
  if (!namePattern.test(name))
    throw wrongInput(`name: found ${JSON.stringify(name)}, allowed: 1 to 40 of a-z, 0-9, point and dash, a letter first`);
  const known = roles.find((each) => each === role);
  if (known === undefined) throw wrongInput(`--role: found ${JSON.stringify(role)}, allowed: ${roles.join(', ')}`);
  const token = `${name}.${randomBytes(24).toString('base64url')}`;
  const person: Person = { name, role: known, tokenHash: hashOf(token), grantedTime: new Date(wallNow()).toISOString() };
  writePeople(home, [...peopleOf(home).filter((each) => each.name !== name), person]);
  return token;
}

/**
 * Takes the access of a person back; it holds from the next request on.
 * @throws TWIN_WRONG_INPUT naming who has access when there is no such person.
 */
export function revokeAccess(home: string, name: string): void {
  const people = peopleOf(home);
  if (!people.some((each) => each.name === name))
    throw wrongInput(`name: found ${JSON.stringify(name)}, allowed: ${people.map((each) => each.name).join(', ') || 'nobody has access'}`);
  writePeople(
    home,
    people.filter((each) => each.name !== name),
  );
}

/** Whose token it is; null: nobody's. */
export function personOf(people: readonly Person[], token: string): Person | null {
  const found = Buffer.from(hashOf(token));
  return people.find(({ tokenHash }) => timingSafeEqual(Buffer.from(tokenHash), found)) ?? null;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
