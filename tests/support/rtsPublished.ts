/**
 * The published day-ahead solutions of RTS-GMLC, 2020-07-05 to 18, hours 0 to 336: which units with commitment costs were on, and totals.
 * Source: github.com/GridMod/RTS-GMLC (commit bbadcf8), RTS_Data/FormattedData/PLEXOS/PLEXOS_Solution, folders allTX and noTX; credit
 * DOE/NREL/ALLIANCE.
 */
export interface PublishedSolution {
  readonly costUsd: number;
  /** Mean over hours and buses. */
  readonly priceUsdPerMwh: number;
  readonly energyGwh: Readonly<Record<'coal' | 'gas-cc' | 'nuclear', number>>;
  readonly alwaysOn: readonly string[];
  /** By unit: from an hour up to another. */
  readonly sometimesOn: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

const coal = ['101_STEAM_3', '101_STEAM_4', '102_STEAM_3', '102_STEAM_4', '115_STEAM_3', '116_STEAM_1', '123_STEAM_2', '123_STEAM_3'];
const moreCoal = ['201_STEAM_3', '202_STEAM_3', '202_STEAM_4', '216_STEAM_1', '223_STEAM_1', '223_STEAM_2', '223_STEAM_3', '316_STEAM_1'];
const baseload = [...coal, ...moreCoal, '121_NUCLEAR_1', '107_CC_1', '118_CC_1', '221_CC_1'];

/** First hour of both weeks in the year. */
export const publishedFirstHour = 4464;

/** With all lines. */
export const publishedAllLines: PublishedSolution = {
  costUsd: 27_012_409.11,
  priceUsdPerMwh: 21.785204,
  energyGwh: { coal: 570.26, 'gas-cc': 442.89, nuclear: 134.19 },
  alwaysOn: baseload,
  sometimesOn: {
    '101_CT_1': [
      [139, 140],
      [234, 235],
      [282, 283],
    ],
    '101_CT_2': [[282, 283]],
    '102_CT_1': [[282, 283]],
    '201_CT_1': [
      [139, 140],
      [211, 212],
      [234, 235],
      [282, 283],
    ],
    '201_CT_2': [
      [211, 212],
      [234, 235],
      [282, 283],
    ],
    '202_CT_1': [
      [139, 140],
      [211, 212],
      [234, 235],
      [282, 283],
    ],
    '202_CT_2': [
      [139, 140],
      [211, 212],
      [234, 235],
      [281, 283],
      [306, 307],
    ],
    '213_CC_3': [
      [0, 24],
      [230, 240],
      [279, 336],
    ],
    '301_CT_1': [[233, 235]],
    '302_CT_1': [[282, 283]],
    '313_CC_1': [
      [0, 192],
      [255, 336],
    ],
    '315_CT_6': [
      [138, 144],
      [233, 240],
      [305, 312],
    ],
    '315_CT_7': [[281, 312]],
    '315_CT_8': [
      [137, 144],
      [305, 312],
    ],
    '321_CC_1': [
      [0, 96],
      [134, 240],
      [277, 336],
    ],
    '323_CC_1': [
      [0, 48],
      [160, 168],
      [278, 336],
    ],
    '323_CC_2': [
      [0, 48],
      [135, 336],
    ],
  },
};

/** Without transmission limits. */
export const publishedNoLines: PublishedSolution = {
  costUsd: 26_905_934.87,
  priceUsdPerMwh: 21.902027,
  energyGwh: { coal: 571.5, 'gas-cc': 441.54, nuclear: 134.2 },
  alwaysOn: [...baseload, '321_CC_1'],
  sometimesOn: {
    '101_CT_1': [
      [138, 140],
      [234, 235],
      [282, 283],
    ],
    '101_CT_2': [
      [19, 20],
      [43, 44],
      [139, 140],
      [233, 235],
      [281, 283],
    ],
    '102_CT_1': [
      [234, 235],
      [282, 283],
    ],
    '102_CT_2': [[282, 283]],
    '201_CT_1': [
      [211, 212],
      [234, 235],
      [282, 283],
    ],
    '201_CT_2': [
      [211, 212],
      [282, 283],
    ],
    '202_CT_1': [
      [211, 212],
      [234, 235],
      [282, 283],
      [306, 307],
    ],
    '202_CT_2': [
      [139, 140],
      [211, 212],
      [234, 235],
      [282, 283],
      [306, 307],
    ],
    '213_CC_3': [[279, 336]],
    '313_CC_1': [
      [0, 96],
      [134, 192],
      [229, 240],
      [277, 336],
    ],
    '315_CT_6': [[281, 312]],
    '315_CT_7': [
      [137, 144],
      [305, 312],
    ],
    '315_CT_8': [
      [137, 144],
      [233, 240],
      [305, 312],
    ],
    '323_CC_1': [
      [0, 48],
      [135, 336],
    ],
    '323_CC_2': [
      [0, 48],
      [159, 168],
      [278, 336],
    ],
  },
};
