import { isInside, matchedSitesOf, unplacedSites } from '../../../shared/domain/siting/realSites.js';
import { leastRealSites, siteTestOf, verdictOf } from '../../../shared/domain/siting/siteTest.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readNodeFile, type NodeFile } from '../../../shared/scenario/siting/nodeFile.js';
import { readSiteFile, type FiledSite } from '../../../shared/scenario/siting/siteFile.js';
import { aboveZero, numberIn, wholeFromZero } from '../dispatch/options.js';
import type { SiteTestAnswer } from './testAnswer.js';
import { testAnswerOf } from './testAnswerOf.js';
import { boxIn, checkOptions, drawsAllowed, type TestOptions } from './testOptions.js';

/** Tests real sites of a file, against nodes with their surplus where a file has them. */
export async function testOfSites(path: string, options: TestOptions): Promise<SiteTestAnswer> {
  checkOptions(options, 'sites');
  const asked = { seed: numberIn('--seed', options.seed, wholeFromZero), draws: numberIn('--draws', options.draws, drawsAllowed) };
  const reachKm = numberIn('--reach', options.reach, aboveZero);
  const box = boxIn(options.box ?? (options.surplus === undefined ? 'us' : 'all'));
  const file = await readSiteFile(path);
  const nodes = options.surplus === undefined ? null : await readNodeFile(options.surplus);
  const inside = file.sites.filter(({ place }) => box === null || (place !== null && isInside(place, box)));
  const outside = file.sites.filter((site) => !inside.includes(site)).map(({ id }) => id);
  if (inside.length === 0)
    throw wrongInput(`${path}: found no site above 0 MW inside the box, allowed: --box all, or a box with sites in it`);
  const leftOut = { withoutMw: file.withoutMw, outside, beyondReach: [] };
  return nodes === null
    ? withoutNodes(path, inside, { ...asked, leftOut })
    : withNodes(path, inside, { ...asked, leftOut, nodes, reachKm, nodesPath: options.surplus ?? '' });
}

interface Asked extends Pick<SiteTestAnswer, 'seed' | 'draws' | 'leftOut'> {}

function withoutNodes(path: string, filed: readonly FiledSite[], asked: Asked): SiteTestAnswer {
  const sites = unplacedSites(filed).map((site) => ({ ...site, isFeasible: null }));
  const test = siteTestOf(sites, asked);
  return testAnswerOf({
    about: 'real-sites',
    name: path,
    among: 'any percentile as likely: no places are known',
    leftOut: asked.leftOut,
    populationBasis: 'not known',
    failing: [],
    moves: null,
    notes: ['without --surplus the sites say nothing yet: what is printed is what a test of them could see'],
    sites,
    test,
    verdict: verdictOf(test, { about: 'real-sites', evidence: 'assumed', siteCount: sites.length }),
  });
}

function withNodes(
  path: string,
  filed: readonly FiledSite[],
  asked: Asked & { readonly nodes: NodeFile; readonly nodesPath: string; readonly reachKm: number },
): SiteTestAnswer {
  const { nodes, nodesPath, reachKm, leftOut } = asked;
  const unknown = filed.find(({ node }) => node !== null && !nodes.nodes.some(({ id }) => id === node));
  if (unknown !== undefined)
    throw wrongInput(`${path}: node: found ${JSON.stringify(unknown.node)} of ${unknown.id}, allowed: a node of ${nodesPath}`);
  const { sites, beyondReach } = matchedSitesOf(filed, nodes.nodes, reachKm);
  if (sites.length === 0) throw wrongInput(`${path}: found no site within ${reachKm} km of a node of ${nodesPath}, allowed: at least one`);
  const test = siteTestOf(sites, asked);
  const hasTaken = sites.every(({ node }) => nodes.nodes.some(({ id, takenMw }) => id === node && takenMw !== null));
  const hasHosting = nodes.nodes.every(({ hostingMw }) => hostingMw !== null);
  const used = filed.length - beyondReach.length;
  return testAnswerOf({
    about: 'real-sites',
    name: path,
    among: `nodes of the same region in ${nodesPath}`,
    leftOut: { ...leftOut, beyondReach: [...beyondReach] },
    populationBasis: test.population === null ? 'not known of every node' : `population of ${nodesPath}`,
    failing: [],
    moves: null,
    notes: [
      ...(nodes.evidence === 'assumed' ? [`not every node names a source: the surplus is assumed`] : []),
      ...(hasTaken ? [] : ['no takenMw: what sites take already is missing at their nodes, so they look worse placed than they are']),
      ...(hasHosting ? [] : ['no hostingMw for some nodes: any load is taken to fit there']),
      ...(sites.length < used ? [`${used} sites at ${sites.length} nodes: those at one node count as one`] : []),
      ...(used < leastRealSites ? [`a verdict needs ${leastRealSites} sites`] : []),
    ],
    sites,
    test,
    verdict: verdictOf(test, { about: 'real-sites', evidence: nodes.evidence, siteCount: sites.length }),
  });
}
