import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stamp, type Fact, type SayingOf } from '../../shared/domain/fact.js';
import { opened, sealed, sourceOf } from '../../shared/dsx/envelope.js';
import { hearFeed, type Feed, type FeedEvent } from '../../shared/dsx/feeds.js';
import { checkedPublicKey, newKeyPair, signJws, verifyJws, type Jwk } from '../../shared/dsx/jws.js';
import { targetsOf } from '../../shared/dsx/loadTarget.js';
import { powerBreach, powerState } from '../../shared/dsx/payloads.js';
import { TwinError } from '../../shared/runtime/errors.js';
import { noSpec, specFile, validatorOf } from '../support/dsxSpec.js';

const correlationId = '7b1a3e52-6f0d-4c58-9a35-0d1f6a2b3c4d';
const nowMs = Date.parse('2027-07-13T20:00:00.000Z');
const pair = newKeyPair();

const plainFeed: Feed = { campus: 'riverbend', leastMw: 150, mostMw: 600, targets: [], loadMw: 480, wantMw: 480, ramp: null };

function factOf<Type extends 'control.request.v1' | 'control.breach.v1' | 'cluster.power.v1'>(
  type: Type,
  data: SayingOf<Type>['data'],
  minutes: number,
): Fact {
  const saying = { type, region: 'west', entity: 'riverbend', data } as unknown as SayingOf<Type>;
  const at = { component: 'test', tick: minutes / 5, phase: 1, startMs: nowMs + minutes * 60_000, counts: {} } as const;
  return stamp([saying as never], at).facts[0] as Fact;
}

const request = (state: 'scheduled' | 'active' | 'released' | 'ended', amountMw: number, minutes: number, place = 0): Fact =>
  factOf(
    'control.request.v1',
    {
      request: `${correlationId}-${place}`,
      state,
      kind: 'limit',
      amountMw,
      fromTime: '2027-07-13T20:05:00.000Z',
      untilTime: '2027-07-13T22:00:00.000Z',
      rampMinutes: 15,
      isBestEffort: false,
      actor: 'dsx acme',
      reason: 'test',
    },
    minutes,
  );
const power = (endMw: number, minutes: number): Fact =>
  factOf(
    'cluster.power.v1',
    {
      campuses: [
        {
          campus: 'riverbend',
          meanMw: endMw,
          endMw,
          trainingMw: endMw,
          inferenceMw: 0,
          limitMw: 600,
          reductionTargetMw: 0,
          imbalanceMw: 0,
        },
      ],
    },
    minutes,
  );

/** What is told of a feed over some facts. */
function told(facts: readonly Fact[]): readonly { readonly event: FeedEvent; readonly feed: Feed }[] {
  let feed = plainFeed;
  return facts.flatMap((fact) => {
    const turn = hearFeed(feed, fact);
    feed = turn.feed;
    return turn.events;
  });
}

describe('a signature', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const rsaPrivate: Jwk = { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'rsa' };
  const rsaPublic: Jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' };

  it('of ES256 and of RS256 is verified with the key it names', () => {
    const keys = [pair.publicKey, rsaPublic];
    for (const key of [pair.privateKey, rsaPrivate]) expect(verifyJws(signJws({ a: [1, 'ü'] }, key), keys)).toEqual({ a: [1, 'ü'] });
  });

  it('is refused when anything in it was changed, whatever it is', () => {
    const text = signJws({ targets: 1 }, pair.privateKey);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('A', 'B', '_', '.', '0'), (place, letter) => {
        fc.pre(text[place] !== letter);
        const changed = text.slice(0, place) + letter + text.slice(place + 1);
        try {
          // The last letter of a part may carry bits that mean nothing.
          expect(verifyJws(changed, [pair.publicKey])).toEqual({ targets: 1 });
          expect(Buffer.from(changed.split('.')[2] ?? '', 'base64url')).toEqual(Buffer.from(text.split('.')[2] ?? '', 'base64url'));
        } catch (error) {
          expect(error).toBeInstanceOf(TwinError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('by nobody, by somebody else, or by another algorithm than that of the key is refused in one line', () => {
    const [head, payload] = [{ alg: 'none', kid: pair.publicKey.kid }, { a: 1 }].map((value) =>
      Buffer.from(JSON.stringify(value)).toString('base64url'),
    );
    expect(() => verifyJws(`${head}.${payload}.AA`, [pair.publicKey])).toThrow(/^data header: alg: found "none", allowed: ES256/);
    expect(() => verifyJws(`${head}.${payload}.`, [pair.publicKey])).toThrow(/allowed: a JWS compact serialization$/);
    expect(() => verifyJws(signJws({}, newKeyPair().privateKey), [pair.publicKey])).toThrow(/^data header: kid: found /);
    const other = { ...newKeyPair().privateKey, kid: pair.publicKey.kid };
    expect(() => verifyJws(signJws({}, other), [pair.publicKey])).toThrow(/^data: found a signature that is not that of key /);
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({ format: 'jwk' });
    expect(() => checkedPublicKey({ ...weak, kid: 'weak' }, 'keys[0]')).toThrow(
      'keys[0]: found "rsa 1024", allowed: P-256, or RSA from 2048 bits on',
    );
    expect(() => checkedPublicKey({ kty: 'oct', k: 'AA', kid: 'x' }, 'keys[0]')).toThrow(/^keys\[0\]: found no key/);
  });
});

describe('a message', () => {
  const event = { type: 'grid.loadtarget.set.v1', source: sourceOf('isv', 'acme'), correlationId, trace: null } as const;
  const wanted = { types: ['grid.loadtarget.set.v1'], source: '//grid/v1/isv/acme' } as const;
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
  const plain = JSON.parse(sealed(event, {}, pair.privateKey, '2027-07-13T20:00:00.000Z')) as Readonly<Record<string, unknown>>;

  it.each([
    ['specversion', '1.0', /^specversion: found "1\.0", allowed: 1\.0\.2$/],
    ['id', 'not-a-uuid', /^id: found "not-a-uuid", allowed: a UUID$/],
    ['source', '//grid/v1/isv/other', /^source: found .* allowed: \/\/grid\/v1\/isv\/acme$/],
    ['type', 'grid.loadtarget.set.v2', /^type: found .* allowed: grid\.loadtarget\.set\.v1$/],
    ['time', '13.07.2027', /^time: found/],
    ['datacontenttype', 'text/plain', /^datacontenttype: found/],
    ['traceparent', '00-xyz', /^traceparent: found/],
    ['correlationid', 5, /^correlationid: found 5/],
    ['data', { targets: [] }, /^data: found .* allowed: a JWS compact serialization$/],
  ])('with a wrong %s is refused in one line', (name, value, words) => {
    expect(opened(bytes(plain), wanted)).toMatchObject({ correlationId, type: 'grid.loadtarget.set.v1' });
    expect(() => opened(bytes({ ...plain, [name]: value }), wanted)).toThrow(words);
  });

  it('that is too long, no UTF-8, no JSON, or any JSON is refused in one line', () => {
    expect(() => opened(new Uint8Array(2 ** 20 + 1).fill(32), wanted)).toThrow('message: found 1048577 bytes, allowed: at most 1048576');
    expect(() => opened(Uint8Array.from([0x7b, 0xff, 0x7d]), wanted)).toThrow(
      'message: found bytes that are not UTF-8, allowed: JSON in UTF-8',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => opened(bytes(text), wanted)).toThrow(TwinError);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('targets', () => {
  const about = { feeds: ['a', 'b'], nowMs };
  const target = { interval: {}, load_constraint: { value: 300, unit: 'megawatt' } };
  const of = (change: object) => targetsOf({ targets: [{ ...target, ...change }] }, about);

  it('are read in their units, for the feeds named or for all', () => {
    expect(of({})).toEqual([{ feeds: ['a', 'b'], limitMw: 300, fromMs: null, untilMs: null, isBestEffort: false }]);
    expect(of({ feed_tags: ['b'], load_constraint: { value: 250_000, unit: 'kilowatt' } })).toMatchObject([{ feeds: ['b'], limitMw: 250 }]);
    expect(of({ load_constraint: null, strategy: { best_effort: true } })).toMatchObject([{ limitMw: null, isBestEffort: true }]);
  });

  it.each([
    [{ load_constraint: { value: 0, unit: 'megawatt' } }, /load_constraint\.value: found 0, allowed: a number above 0$/],
    [{ load_constraint: { value: 5, unit: 'MW' } }, /load_constraint\.unit: found "MW", allowed: watt, kilowatt, megawatt$/],
    [{ load_constraint: undefined }, /load_constraint: found nothing, allowed: an object$/],
    [
      { interval: { end_time: '2027-07-13T19:00:00Z' } },
      /interval\.end_time: found .* expired; allowed: an instant after 2027-07-13T20:00/,
    ],
    [{ interval: { start_time: '2027-07-13T21:00:00+02:00' } }, /interval\.start_time: found .* allowed: an RFC 3339 instant in UTC$/],
    [{ interval: { start_time: '2027-07-13T22:00:00Z', end_time: '2027-07-13T21:00:00Z' } }, /interval\.end_time: found/],
    [{ feed_tags: ['c'] }, /feed_tags: found "c", allowed: a, b$/],
    [{ load_constraint: null, interval: { start_time: '2027-07-14T00:00:00Z' } }, /interval\.start_time: found .* taken back at once$/],
    [{ strategy: { best_effort: 'yes' } }, /strategy\.best_effort: found "yes"/],
  ])('that make no sense are refused in one line (%j)', (change, words) => {
    expect(() => of(change)).toThrow(words);
  });

  it('of any JSON are targets, or one line', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, inner) => {
        for (const data of [value, { targets: value }, { targets: [{ interval: inner, load_constraint: value }] }]) {
          try {
            expect(targetsOf(data, about).length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(TwinError);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a feed', () => {
  const facts = [
    request('active', 300, 0),
    power(440, 5),
    power(301, 10),
    power(299, 15),
    request('ended', 300, 120),
    power(340, 125),
    power(480, 130),
  ];

  it('tells target, ramp down, compliance and ramp up in their order', () => {
    expect(told(facts).map(({ event, feed }) => [event, feed.ramp !== null, feed.loadMw])).toEqual([
      ['target_set', false, 480],
      ['start_ramp_down', true, 480],
      ['end_ramp_down', false, 299],
      ['start_ramp_up', true, 299],
      ['end_ramp_up', false, 480],
    ]);
  });

  it('tells of a scheduled target, a tighter and a wider one', () => {
    const events = told([
      request('scheduled', 300, 0),
      request('active', 300, 5),
      power(300, 10),
      request('active', 200, 15, 1),
      power(200, 20),
      request('released', 200, 25, 1),
      power(300, 30),
    ]);
    expect(events.map(({ event, feed }) => [event, feed.targets.map(({ isActive }) => isActive)])).toEqual([
      ['target_set', [false]],
      ['start_ramp_down', [true]],
      ['end_ramp_down', [true]],
      ['target_set', [true, true]],
      ['start_ramp_down', [true, true]],
      ['end_ramp_down', [true, true]],
      ['start_ramp_up', [true]],
      ['end_ramp_up', [true]],
    ]);
  });

  it.skipIf(!existsSync(specFile))(
    `says nothing that does not fit the published description${existsSync(specFile) ? '' : ` (${noSpec})`}`,
    () => {
      const [statusOf, alertOf, eventOf, breachEventOf] = [
        'PowerStateStatusData',
        'PowerBreachAlertData',
        'PowerStateStatusEvent',
        'PowerBreachAlertEvent',
      ].map(validatorOf);
      for (const { event, feed } of [...told(facts), { event: 'periodic' as const, feed: plainFeed }]) {
        const data = powerState([{ feed, event }], { nowMs, refusals: [{ correlation_id: correlationId, reason: 'x' }] });
        expect(statusOf?.(JSON.parse(JSON.stringify(data)))).toEqual([]);
        const text = sealed(
          { type: 'grid.powerstate.status.v1', source: sourceOf('dsx-flex-agent', 'loadstone'), correlationId, trace: null },
          data,
          pair.privateKey,
          '2027-07-13T20:00:00.000Z',
        );
        expect(eventOf?.(JSON.parse(text))).toEqual([]);
      }
      const limited = told(facts)[1]?.feed ?? plainFeed;
      for (const state of ['active', 'escalated', 'resolved'] as const) {
        const breach = {
          state,
          epoch: 1,
          cause: 'short',
          sinceTime: '2027-07-13T20:05:00.000Z',
          askedMw: 180,
          shortMw: 90,
          reason: 'x',
        } as const;
        const alert = powerBreach(limited, breach, nowMs, null);
        expect(alertOf?.(JSON.parse(JSON.stringify(alert?.data)))).toEqual([]);
        expect(alert?.data).toMatchObject({
          status: state,
          severity: 'critical',
          breach: { breach_id: expect.stringMatching(/^[0-9a-f]{8}-/) as string },
        });
        const text = sealed(
          { type: 'grid.powerbreach.alert.v1', source: sourceOf('dsx-flex-agent', 'loadstone'), correlationId: null, trace: null },
          alert?.data,
          pair.privateKey,
          '2027-07-13T20:00:00.000Z',
        );
        expect(breachEventOf?.(JSON.parse(text))).toEqual([]);
      }
    },
  );
});
