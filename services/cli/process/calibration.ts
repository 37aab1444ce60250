import type { Static } from 'typebox';
import { calibrate, tryApplication } from '../../../shared/domain/permit/calibrate.js';
import { permitsOfProject } from '../../../shared/domain/permit/ofProject.js';
import { capacityOf } from '../../../shared/domain/permit/terms.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import { printJson, round } from '../output.js';
import type { calibrationAnswer } from './answers.js';
import { positiveNumber, wholeNumber } from './options.js';

/** What `permit calibrate` is asked. */
export interface CalibrationOptions {
  readonly permit: string;
  readonly medianDays: string;
  readonly samples: string;
  readonly seed: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Finds the load of an agency at which a permit takes as long as a record says, waiting counted once. Exit 1: no load does. */
export async function calibration(scenario: string, options: CalibrationOptions): Promise<void> {
  const { world } = await resolveWorld({ scenario, dataDir: options.data });
  const recordedMedianDays = positiveNumber('--median-days', options.medianDays);
  const samples = wholeNumber('--samples', options.samples, 50, 100_000);
  const seed = wholeNumber('--seed', options.seed, 0, 4_294_967_295);
  const permits = world.projects.flatMap(permitsOfProject);
  const permit = permits.find((candidate) => candidate.id === options.permit);
  const agency = world.agencies.find((candidate) => candidate.id === permit?.agency);
  if (permit === undefined || agency === undefined) {
    throw wrongInput(`--permit: found ${JSON.stringify(options.permit)}, allowed: ${permits.map(({ id }) => id).join(', ')}`);
  }
  process.stderr.write(`${agency.id}: trying ${samples} applications at each load\n`);
  const trial = { agency, permit, capacityMw: capacityOf(world, permit.id), seed, samples };
  const found = calibrate(trial, recordedMedianDays);
  const tried = tryApplication({ ...trial, agency: { ...agency, otherApplicationsPerYear: found.otherApplicationsPerYear } });
  const mean = (of: (days: (typeof tried)[number]) => number): number => tried.reduce((sum, days) => sum + of(days), 0) / tried.length;
  const answer: Static<typeof calibrationAnswer> = {
    permit: permit.id,
    agency: agency.id,
    recordedMedianDays,
    ...found,
    samples,
    meanDays: {
      working: mean((days) => days.workingDays),
      reviewer: mean((days) => days.reviewerWaitDays),
      applicant: mean((days) => days.applicantDays),
      notice: mean((days) => days.noticeDays),
    },
    evidence: found.result === 'fits' ? 'calibrated' : 'assumed',
  };
  if (found.result !== 'fits') process.exitCode = 1;
  if (options.json === true) return printJson(answer);
  const { working, reviewer, applicant, notice } = answer.meanDays;
  process.stdout.write(
    `${permit.id} at ${agency.id}: ${words[found.result]}\n` +
      `recorded median ${round(recordedMedianDays)} days, simulated ${round(found.simulatedMedianDays)} (${round(100 * found.errorRatio)} %)\n` +
      `others ${found.otherApplicationsPerYear.toFixed(2)} a year, utilisation ${found.utilisationRatio.toFixed(3)}\n` +
      `mean days: working ${round(working)}, waiting for a reviewer ${round(reviewer)}, ` +
      `for the applicant ${round(applicant)}, public notice ${round(notice)}\n`,
  );
}

const words = {
  fits: 'this load gives the recorded median',
  'too-short': 'the record is shorter than work, answers and notice without any queue: lower the effort',
  'too-long': 'no load below 98.5 % is slow enough: raise the effort',
} as const;
