import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { shown } from '../domain/shown.js';
import { wrongInput } from '../runtime/errors.js';

/** Signature algorithms of JWS (RFC 7515) that are spoken: ECDSA on P-256, and RSA. */
export const signatureAlgorithms = ['ES256', 'RS256'] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** A key as a JSON Web Key (RFC 7517) with its id. */
export type Jwk = JsonWebKey & { readonly kid: string };

const algorithmOf: Readonly<Record<string, SignatureAlgorithm>> = { ec: 'ES256', rsa: 'RS256' };
const leastRsaBits = 2_048;

/** A new pair for ES256. */
export function newKeyPair(): { readonly privateKey: Jwk; readonly publicKey: Jwk } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  return { privateKey: { ...privateKey.export({ format: 'jwk' }), kid }, publicKey: { ...publicKey.export({ format: 'jwk' }), kid } };
}

/** The compact serialization of a payload signed with a private key, by the algorithm the key is for. */
export function signJws(payload: unknown, { kid, ...key }: Jwk): string {
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  const head = encoded({ alg: algorithmOfKey(privateKey, 'key'), kid });
  const signed = `${head}.${encoded(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), signing(privateKey)).toString('base64url')}`;
}

/**
 * The payload of a compact serialization, once its signature is that of one of the keys. The algorithm is that of the key, whatever the
 * header asks for.
 * @throws TWIN_WRONG_INPUT in one line.
 */
export function verifyJws(text: string, keys: readonly Jwk[]): unknown {
  const parts = text.split('.');
  const [head = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part)))
    throw wrongInput(`data: found ${shown(text)}, allowed: a JWS compact serialization`);
  const { alg, kid } = decoded(head, 'data header');
  const key = keys.find((own) => own.kid === kid);
  if (key === undefined)
    throw wrongInput(`data header: kid: found ${shown(kid)}, allowed: ${keys.map((own) => own.kid).join(', ') || 'none is known'}`);
  const { kid: _kid, ...jwk } = key;
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const allowed = algorithmOfKey(publicKey, `key ${key.kid}`);
  if (alg !== allowed) throw wrongInput(`data header: alg: found ${shown(alg)}, allowed: ${allowed}, as key ${key.kid} is for`);
  const isRight = verify('sha256', Buffer.from(`${head}.${payload}`), signing(publicKey), Buffer.from(signature, 'base64url'));
  if (!isRight) throw wrongInput(`data: found a signature that is not that of key ${key.kid}, allowed: one that is`);
  return decoded(payload, 'data payload');
}

/** A public key that can be used. @throws TWIN_WRONG_INPUT when it is none, or too weak. */
export function checkedPublicKey(value: unknown, place: string): Jwk {
  const kid: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'kid') : undefined;
  if (typeof kid !== 'string' || kid === '') throw wrongInput(`${place}: kid: found ${shown(kid)}, allowed: the id of the key`);
  try {
    const { kid: _kid, ...jwk } = value as Jwk;
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    algorithmOfKey(key, place);
    return { ...key.export({ format: 'jwk' }), kid };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(place)) throw error;
    throw wrongInput(`${place}: found no key, allowed: a JSON Web Key of P-256, or of RSA from ${leastRsaBits} bits on`);
  }
}

function algorithmOfKey(key: KeyObject, place: string): SignatureAlgorithm {
  const algorithm = algorithmOf[key.asymmetricKeyType ?? ''];
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const isFit = algorithm === 'ES256' ? namedCurve === 'prime256v1' : (modulusLength ?? 0) >= leastRsaBits;
  if (algorithm === undefined || !isFit)
    throw wrongInput(
      `${place}: found ${shown(namedCurve ?? `${key.asymmetricKeyType} ${modulusLength}`)}, allowed: P-256, or RSA from ${leastRsaBits} bits on`,
    );
  return algorithm;
}

/** JWS wants the two halves of an ECDSA signature side by side. */
function signing(key: KeyObject) {
  return key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' as const } : { key };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(part: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below in one line.
  }
  throw wrongInput(`${place}: found ${shown(part)}, allowed: a JSON object in base64url`);
}
