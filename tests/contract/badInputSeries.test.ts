import { readDemand } from '../../shared/scenario/demandSeries.js';
import { calendar, readEpw } from '../../shared/scenario/epw.js';
import { readLoadSeries } from '../../shared/scenario/loadSeries.js';
import { readRequestTrace } from '../../shared/scenario/requestTrace.js';
import { zoneClock } from '../../shared/scenario/zone.js';
import { testReaders } from '../support/badFiles.js';

const hours = (from: number, count: number, row: (time: string, place: number) => string): string =>
  Array.from({ length: count }, (_, place) => row(new Date(from + 3_600_000 * place).toISOString().slice(0, 16), place)).join('\n');

const autumn = Date.UTC(2023, 10, 4);
const demand = `date_time,raw demand (MW),category,cleaned demand (MW),forecast demand (MW)
${hours(autumn, 30, (time, n) => `${time.replace('T', ' ')}:00,${900 + n},${n === 7 ? 'MEAN' : 'OKAY'},${900 + n},${890 + n}`)}
`;
const load = `time,mw\n${hours(autumn, 30, (time, n) => `${time},${500 + (n % 24)}`)}\n`;
const year = `time,mw\n${hours(Date.UTC(2023, 0, 1), 8_760, (time, n) => `${time}Z,${500 + (n % 24)}`)}\n`;
const trace = `TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,396,109
2023-11-16 18:15:51.2224670,879,55
`;
const weather = [
  'LOCATION,Nowhere,XX,YYY,TMYx,000000,40.0,-80.0,-5.0,100.0',
  'DESIGN CONDITIONS,0',
  'TYPICAL/EXTREME PERIODS,0',
  'GROUND TEMPERATURES,0',
  'HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0',
  'COMMENTS 1,none',
  'COMMENTS 2,none',
  'DATA PERIODS,1,1,Data,Sunday,1/1,12/31',
  ...calendar(false).map(([month, day, hour]) => `2015,${month},${day},${hour},0,?9,10.0,5.0`),
].join('\n');

const utc = zoneClock('--zone', 'UTC');
const chicago = zoneClock('--zone', 'America/Chicago');

testReaders([
  { what: 'demand in UTC', sound: demand, read: (path) => readDemand(path, { clock: utc, isBegin: true, loadColumn: null }) },
  {
    what: 'demand in the local time of an autumn',
    sound: demand,
    read: (path) => readDemand(path, { clock: chicago, isBegin: false, loadColumn: 'cleaned demand (MW)' }),
  },
  { what: 'load', sound: load, read: readLoadSeries, refusal: 'at least one whole calendar year' },
  { what: 'load of a whole year', sound: year, read: readLoadSeries, share: 0.03 },
  { what: 'weather', sound: weather, read: readEpw, share: 0.3 },
  { what: 'a trace of requests', sound: trace, read: (path) => readRequestTrace(path, 100_000) },
]);
