import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { hourMs } from '../../shared/domain/ticks.js';
import { TwinError } from '../../shared/runtime/errors.js';
import { readingsOfAnswer, readingsOfCsv } from '../../shared/scenario/mirror/readings.js';
import { openSource, type Source } from '../../shared/runtime/measuredSource.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-sources-'));
const fromMs = Date.parse('2021-02-15T00:00:00Z');
const open: Source[] = [];
afterEach(() => {
  for (const source of open.splice(0)) source.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a CSV of hourly demand', () => {
  const eia = 'date_time,area,raw demand (MW),category,cleaned demand (MW)\n';

  it('is read as hours that end at their time, raw values as they stand', () => {
    const { readings, odd } = readingsOfCsv(
      `${eia}2021-02-15 07:00:00,A,65000,OKAY,1\n2021-02-15 08:00:00,B,MISSING,X,2\n`,
      'f.csv',
      undefined,
    );
    expect(readings).toEqual([
      { fromMs: fromMs + 6 * hourMs, toMs: fromMs + 7 * hourMs, rawText: '65000' },
      { fromMs: fromMs + 7 * hourMs, toMs: fromMs + 8 * hourMs, rawText: 'MISSING' },
    ]);
    expect(odd).toEqual([]);
  });

  it('waits for the end of a line that is being written', () => {
    const text = `${eia}2021-02-15 07:00:00,A,65000,OKAY,1\n2021-02-15 08:00:00,A,6`;
    expect(readingsOfCsv(text, 'f.csv', 'A').readings).toHaveLength(1);
    expect(readingsOfCsv(`${text}4000,OKAY,1\n`, 'f.csv', 'A').readings).toHaveLength(2);
  });

  it('passes over rows that are none, naming line, field, what was found and what is allowed', () => {
    const text = `${eia}2021-02-15 07:30:00,A,1,OKAY,1\n15.02.2021 08:00,A,1,OKAY,1\nrow of three,A,1\n2021-02-15 09:00:00,A,5,OKAY,1\n`;
    const { readings, odd } = readingsOfCsv(text, 'f.csv', 'A');
    expect(readings).toHaveLength(1);
    expect(odd.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [2, 'date_time', 'time'],
      [3, 'date_time', 'time'],
      [4, 'row', 'cells'],
    ]);
  });

  it('may name its intervals itself', () => {
    const { readings, odd } = readingsOfCsv(
      'fromTime,toTime,mw\n2021-02-15T00:00:00Z,2021-02-15T00:05:00Z,5\n2021-02-15T00:05:00Z,2021-02-15T00:05:00Z,5\n2021-02-15T00:05:00+01:00,2021-02-15T00:10:00Z,5\n',
      'f.csv',
      undefined,
    );
    expect(readings).toEqual([{ fromMs, toMs: fromMs + 300_000, rawText: '5' }]);
    expect(odd.map(({ field }) => field)).toEqual(['toTime', 'fromTime']);
  });

  it('is refused in one line when its columns are others', () => {
    expect(() => readingsOfCsv('a,b\n1,2\n', 'f.csv', undefined)).toThrow(
      'f.csv: found columns "a, b", allowed: date_time and raw demand (MW), or fromTime, toTime and mw',
    );
    expect(() => readingsOfCsv('fromTime,toTime,mw\n', 'f.csv', 'A')).toThrow(
      'f.csv: found no column area, allowed: one, since rows of A are asked for',
    );
  });

  it('whatever stands in it, gives readings with an interval, or one line', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'grapheme' }), fc.boolean(), (noise, isHeaded) => {
        try {
          for (const { fromMs: from, toMs } of readingsOfCsv(`${isHeaded ? eia : ''}${noise}\n`, 'f.csv', undefined).readings)
            expect(toMs).toBeGreaterThan(from);
        } catch (error) {
          expect(error).toBeInstanceOf(TwinError);
          expect(String(error)).not.toContain('\n');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an answer of the EIA open data API', () => {
  const row = { period: '2021-02-15T07', respondent: 'ERCO', type: 'D', value: '65000', 'value-units': 'megawatthours' };

  it('is read row by row; other authorities, kinds and units are passed over by name', () => {
    const data = [
      row,
      { ...row, respondent: 'PJM' },
      { ...row, type: 'NG' },
      { ...row, 'value-units': 'kilowatthours' },
      { ...row, value: null },
    ];
    const { readings, odd, total } = readingsOfAnswer({ response: { total: '5', data } }, 'api', 'ERCO');
    expect(readings.map(({ rawText }) => rawText)).toEqual(['65000', '']);
    expect(odd.map(({ field, reason }) => [field, reason])).toEqual([
      ['response.data[1].respondent', 'respondent'],
      ['response.data[2].type', 'type'],
      ['response.data[3].value-units', 'unit'],
    ]);
    expect(total).toBe(5);
  });

  it('of any other form is refused in one line', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          readingsOfAnswer(value, 'api', 'ERCO');
          readingsOfAnswer({ response: { data: [value] } }, 'api', 'ERCO');
        } catch (error) {
          expect(error).toBeInstanceOf(TwinError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a source', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let url = '';
  const asked: URL[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://127.0.0.1'));
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v2/electricity/rto/region-data/data/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const opened = (keyVariable?: string): Source => {
    const source = openSource(
      { kind: 'http', region: 'texas', url, respondent: 'ERCO', pollSeconds: 1, ...(keyVariable === undefined ? {} : { keyVariable }) },
      fromMs,
    );
    open.push(source);
    return source;
  };
  const rowOf = (hour: number, mw: number): object => ({
    period: new Date(fromMs + hour * hourMs).toISOString().slice(0, 13),
    respondent: 'ERCO',
    type: 'D',
    value: mw,
    'value-units': 'megawatthours',
  });
  const json = (value: unknown) => (_: IncomingMessage, response: ServerResponse) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));

  it('is asked page by page, and again for the days that may have been corrected', async () => {
    const rows = Array.from({ length: 12 }, (_, hour) => rowOf(hour + 1, 100 + hour));
    answer = (request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
      const offset = Number(searchParams.get('offset'));
      json({ response: { total: String(rows.length), data: rows.slice(offset, offset + 5) } })(request, response);
    };
    asked.length = 0;
    const source = opened();
    await source.looked;
    expect(source.readings()).toHaveLength(12);
    expect(asked.map(({ searchParams }) => searchParams.get('offset'))).toEqual(['0', '5', '10']);
    expect(asked[0]?.searchParams.get('start')).toBe('2021-02-15T00');
    rows[3] = rowOf(4, 555);
    await expect.poll(() => source.readings().find(({ toMs }) => toMs === fromMs + 4 * hourMs)?.rawText, { timeout: 5_000 }).toBe('555');
    expect(source.trouble()).toBeNull();
  });

  it('that cannot be read says why in one line and never repeats its key', async () => {
    process.env['LOADSTONE_TEST_KEY'] = 'very-secret';
    const cases: readonly (readonly [(request: IncomingMessage, response: ServerResponse) => void, RegExp])[] = [
      [(_, response) => void response.writeHead(403).end('api_key=very-secret'), /^127\.0\.0\.1:\d+: found status 403, allowed: 200$/],
      [(_, response) => void response.end('<html>'), /found no JSON, allowed: JSON in UTF-8$/],
      [(_, response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d])), /found no UTF-8, allowed: JSON in UTF-8$/],
      [(_, response) => void response.end(Buffer.alloc(8 * 2 ** 20 + 1, 32)), /found 8388609 bytes, allowed: at most 8388608$/],
      [json({ error: 'API_KEY_INVALID' }), /found no list response\.data in the answer/],
      [(request) => void request.socket.destroy(), /^127\.0\.0\.1:\d+: found .+, allowed: an answer within 10 s$/],
    ];
    for (const [answering, words] of cases) {
      answer = answering;
      const source = opened('LOADSTONE_TEST_KEY');
      await source.looked;
      expect(source.trouble()).toMatch(words);
      expect(source.trouble()).not.toContain('very-secret');
      expect(source.readings()).toEqual([]);
      source.stop();
    }
    delete process.env['LOADSTONE_TEST_KEY'];
    const source = opened('LOADSTONE_TEST_KEY');
    await source.looked;
    expect(source.trouble()).toMatch(/^environment: found no LOADSTONE_TEST_KEY, allowed: the key of 127\.0\.0\.1/);
  });

  it('keeps what it said while it cannot be read, and goes on when it can again', async () => {
    const path = join(folder, 'growing.csv');
    writeFileSync(path, 'fromTime,toTime,mw\n2021-02-15T00:00:00Z,2021-02-15T01:00:00Z,5\n');
    const source = openSource({ kind: 'file', region: 'texas', path, pollSeconds: 1 }, fromMs);
    open.push(source);
    await source.looked;
    expect(source.readings()).toHaveLength(1);
    rmSync(path);
    await expect.poll(() => source.trouble(), { timeout: 5_000 }).toContain('found no such file');
    expect(source.readings()).toHaveLength(1);
    writeFileSync(path, 'fromTime,toTime,mw\n2021-02-15T00:00:00Z,2021-02-15T01:00:00Z,6\n');
    appendFileSync(path, '2021-02-15T01:00:00Z,2021-02-15T02:00:00Z,7\n');
    await expect.poll(() => source.readings().map(({ rawText }) => rawText), { timeout: 5_000 }).toEqual(['6', '7']);
    expect(source.trouble()).toBeNull();
  });
});
