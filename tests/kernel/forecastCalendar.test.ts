import { describe, expect, it } from 'vitest';
import { dateKindOf, usHoliday, yearSeasonOf } from '../../shared/domain/forecast/calendar.js';
import { dayMs } from '../../shared/domain/ticks.js';

const holidayOn = (date: string): string | null => usHoliday(Date.parse(`${date}T12:00:00Z`));

describe('the calendar of load', () => {
  it.each([
    ['2019-01-01', 'new-year'],
    ['2019-01-21', 'winter-monday'],
    ['2019-02-18', 'winter-monday'],
    ['2019-05-27', 'memorial-day'],
    ['2019-07-04', 'independence-day'],
    ['2019-09-02', 'labor-day'],
    ['2019-11-28', 'thanksgiving'],
    ['2019-11-29', 'day-after-thanksgiving'],
    ['2019-12-24', 'eve'],
    ['2019-12-25', 'christmas'],
    ['2019-12-27', 'between-the-years'],
    ['2019-12-31', 'eve'],
    // On a weekend: the Friday before or the Monday after.
    ['2020-07-03', 'independence-day'],
    ['2021-07-05', 'independence-day'],
    ['2021-12-31', 'new-year'],
    ['2017-01-02', 'new-year'],
    ['2022-12-26', 'christmas'],
    ['2021-12-24', 'christmas'],
    ['2018-11-22', 'thanksgiving'],
    ['2018-11-23', 'day-after-thanksgiving'],
  ])('knows %s as %s', (date, kind) => expect(holidayOn(date)).toBe(kind));

  it.each(['2019-05-20', '2019-07-05', '2019-01-14', '2019-11-21', '2019-11-27', '2019-09-09', '2019-12-20', '2021-07-02', '2019-06-19'])(
    'knows %s as no holiday',
    (date) => expect(holidayOn(date)).toBeNull(),
  );

  it('has every federal holiday of ten years once, with what is observed for it', () => {
    const thanksgivings = Array.from({ length: 3_652 }, (_, day) => usHoliday(Date.UTC(2015, 0, 1) + day * dayMs)).filter(
      (kind) => kind === 'thanksgiving',
    );
    expect(thanksgivings.length).toBe(10);
  });

  it('tells the weekday, the day after a holiday and the week after one', () => {
    const kind = (date: string, calendar: 'us' | 'none' = 'us') => dateKindOf(Date.parse(`${date}T12:00:00Z`), calendar);
    expect(kind('2019-07-05')).toMatchObject({ weekday: 4, holiday: null, isAfterHoliday: true, isWeekAfterHoliday: false });
    expect(kind('2019-07-11')).toMatchObject({ weekday: 3, isAfterHoliday: false, isWeekAfterHoliday: true });
    expect(kind('2019-07-04', 'none')).toMatchObject({ holiday: null });
    expect(kind('2019-12-25').isAfterHoliday).toBe(false);
    expect(kind('2019-12-31').yearAngle).toBeGreaterThan(6.27);
  });

  it('puts the hour that ends a season into it', () => {
    expect([Date.UTC(2019, 2, 1), Date.UTC(2019, 2, 1, 1), Date.UTC(2019, 7, 31), Date.UTC(2020, 0, 1)].map(yearSeasonOf)).toEqual([
      'winter',
      'spring',
      'summer',
      'winter',
    ]);
  });
});
