import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import { register } from '../../services/cli/commands/training.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import { classesIn, classIn, show, uptimeAnswerOf } from '../../services/cli/training/uptime.js';
import { minuteMs } from '../../shared/domain/ticks.js';
import { hearUptime, nothingHeard } from '../../shared/domain/uptime/hear.js';
import { runCommand } from '../support/commandLine.js';
import { audit, flexibleWorld, riverbend, startMs } from '../support/clusterWorld.js';

const plain = { training: 'training', inference: 'eight-nines' };

const campuses = riverbend().campuses.map((campus) => ({ ...campus, inferenceMinMw: 40, inferenceMaxMw: 60 }));
const world = flexibleWorld(riverbend({ campuses }), () => []);
const ticks = Array.from({ length: 36 }, (_, tick) => {
  if (tick === 6) world.inject(audit('pause-run', 'cinder', 5));
  if (tick === 18) world.inject(audit('resume-run', 'cinder', 17));
  return world.tick();
});
const hearingOf = (facts: typeof ticks) => facts.flat().reduce((before, fact) => hearUptime(before, fact, 5 * minuteMs), nothingHeard);

function printed(answer: Parameters<typeof show>[0]): string {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  try {
    show(answer);
  } finally {
    write.mockRestore();
  }
  return out;
}

describe('training uptime', () => {
  it('tells each run and the inference of the campus, as its schema says', async () => {
    const answer = uptimeAnswerOf(hearingOf(ticks), classesIn({ ...plain, of: 'cinder=98,riverbend=two-nines' }), startMs);
    expect(answer.workloads.map(({ name, kind, uptimeClass, interruptions }) => [name, kind, uptimeClass, interruptions])).toEqual([
      ['riverbend', 'inference', 'two-nines', 0],
      ['atlas', 'training', 'training', 0],
      ['boreas', 'training', 'training', 0],
      ['cinder', 'training', '98 %', 1],
      ['delta', 'training', 'training', 0],
    ]);
    expect(answer.workloads.find(({ name }) => name === 'atlas')).toMatchObject({ verdict: 'kept', unit: 'second', units: 3 * 3_600 });
    const { out } = await runCommand(registerSchema, ['schema', 'training-uptime']);
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  });

  it('says how long eight nines would take, and from when the stream is told', () => {
    const whole = printed(uptimeAnswerOf(hearingOf(ticks), classesIn(plain), startMs));
    expect(whole).toMatch(/riverbend +inference +eight-nines +3 h .* cannot be shown/);
    expect(whole).toMatch(/eight-nines needs 9.5 years without a single lost second to be shown/);
    expect(whole).not.toMatch(/no longer holds/);
    const late = printed(uptimeAnswerOf(hearingOf(ticks.slice(14)), classesIn(plain), startMs));
    expect(late).toMatch(/observed from \d{4}-\d{2}-\d{2} \d{2}:10Z: the stream no longer holds what was before/);
  });

  it('refuses a class that is none, by option', () => {
    expect(classIn('--training', '99.9').name).toBe('99.9 %');
    expect(classIn('--training', '99.9').availabilityRatio).toBeCloseTo(0.999, 12);
    for (const found of ['nine-nines', '100', '0', '-5', ''])
      expect(() => classIn('--training', found)).toThrow(/--training: found .*, allowed: eight-nines, five-nines/);
    expect(() => classesIn({ ...plain, of: 'atlas' })).toThrow(/--of: found atlas, allowed: workload=class/);
    expect(() => uptimeAnswerOf(hearingOf(ticks), classesIn({ ...plain, of: 'zeus=98' }), startMs)).toThrow(
      /--of: found zeus, allowed: riverbend, atlas/,
    );
  });

  it('asks no twin before the words are right', async () => {
    await expect(runCommand(register, ['training', 'uptime', '--inference', 'always'])).rejects.toThrow(/--inference: found always/);
  });
});
