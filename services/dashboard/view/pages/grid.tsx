import type { RegionView, View, WorldSummary } from '../../../api/viewTypes.js';
import { number, percent, power, price, spaced } from '../format.js';
import { linkTo } from '../route.js';
import { Measured } from './measured.js';

interface Between {
  readonly from: string;
  readonly to: string;
  /** From the first to the second region; negative the other way. */
  readonly netFlowMw: number;
  readonly ratingMw: number;
  /** Of its most loaded line. */
  readonly loadingRatio: number;
  readonly lines: number;
  readonly out: number;
}

/** What lines carry between each two regions, most loaded first. */
export function flowsBetween(world: WorldSummary, view: View): readonly Between[] {
  const flows = new Map(Object.values(view.regions).flatMap(({ flow }) => (flow?.lines ?? []).map((line) => [line.line, line] as const)));
  const found = new Map<string, Between>();
  for (const { id, from, to } of world.lines) {
    const flow = flows.get(id);
    if (from === to || flow === undefined) continue;
    const isTurned = from > to;
    const [first, second] = isTurned ? [to, from] : [from, to];
    const before = found.get(`${first}/${second}`) ?? {
      from: first,
      to: second,
      netFlowMw: 0,
      ratingMw: 0,
      loadingRatio: 0,
      lines: 0,
      out: 0,
    };
    const isOut = flow.ratingMw === 0;
    found.set(`${first}/${second}`, {
      ...before,
      netFlowMw: before.netFlowMw + (isTurned ? -flow.netFlowMw : flow.netFlowMw),
      ratingMw: before.ratingMw + flow.ratingMw,
      loadingRatio: Math.max(before.loadingRatio, isOut ? 0 : Math.abs(flow.netFlowMw) / flow.ratingMw),
      lines: before.lines + 1,
      out: before.out + (isOut ? 1 : 0),
    });
  }
  return [...found.values()].sort((a, b) => b.loadingRatio - a.loadingRatio);
}

const [width, height, radius] = [560, 330, 118] as const;

/** Where a region is drawn: the world has no places, so regions stand on a ring in the order it names them. */
function placeOf(world: WorldSummary, region: string): { readonly x: number; readonly y: number } {
  const place = world.regions.findIndex(({ id }) => id === region);
  const angle = (2 * Math.PI * place) / Math.max(1, world.regions.length) - Math.PI / 2;
  return { x: width / 2 + 1.5 * radius * Math.cos(angle), y: height / 2 + radius * Math.sin(angle) };
}

function toneOf(loadingRatio: number): string {
  return loadingRatio >= 1 ? 'bad' : loadingRatio >= 0.9 ? 'caution' : '';
}

/** The grid: regions with what flows between them, each region's balance and price, and every line by its loading. */
export function GridPage({ world, view, id }: { readonly world: WorldSummary; readonly view: View; readonly id: string }) {
  const between = flowsBetween(world, view);
  return (
    <main class="page grid-page">
      <section class="card" aria-label="Flows between regions">
        <h2>
          Flows between regions <span class="quiet">MW; not a map, regions stand in the order of the world</span>
        </h2>
        <svg class="ring" viewBox={`0 0 ${width} ${height}`} role="img" aria-label="Regions and what flows between them">
          {between.map((flow) => (
            <Flow key={`${flow.from}/${flow.to}`} flow={flow} world={world} />
          ))}
          {world.regions.map((region) => (
            <Region key={region.id} id={region.id} name={region.name} view={view.regions[region.id]} at={placeOf(world, region.id)} />
          ))}
        </svg>
      </section>
      <Measured world={world} view={view} />
      <Regions world={world} view={view} chosen={id} />
      <Lines world={world} view={view} chosen={id} />
      <Interfaces view={view} />
    </main>
  );
}

function Flow({ flow, world }: { readonly flow: Between; readonly world: WorldSummary }) {
  const isForward = flow.netFlowMw >= 0;
  const [from, to] = [placeOf(world, isForward ? flow.from : flow.to), placeOf(world, isForward ? flow.to : flow.from)];
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const thick = 1 + 7 * Math.min(1, Math.abs(flow.netFlowMw) / Math.max(1, flow.ratingMw));
  const words = `${isForward ? flow.from : flow.to} to ${isForward ? flow.to : flow.from}: ${power(Math.abs(flow.netFlowMw))}`;
  return (
    <g class={`flow ${toneOf(flow.loadingRatio)}`} data-flow={`${flow.from}/${flow.to}`}>
      <title>{`${words} of ${power(flow.ratingMw)} on ${flow.lines} lines, ${flow.out} out`}</title>
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke-width={thick} />
      <path d="M-6 -6L6 0L-6 6Z" transform={`translate(${x} ${y}) rotate(${angle})`} />
      <text x={x} y={y - 10} text-anchor="middle">
        {flow.loadingRatio >= 0.9 ? '▲ ' : ''}
        {number(Math.abs(flow.netFlowMw))} ({percent(flow.loadingRatio)})
      </text>
    </g>
  );
}

interface RegionProps {
  readonly id: string;
  readonly name: string;
  readonly view: RegionView | undefined;
  readonly at: { readonly x: number; readonly y: number };
}

function Region({ id, name, view, at }: RegionProps) {
  return (
    <a href={linkTo('grid', id)}>
      <g class="node" transform={`translate(${at.x} ${at.y})`}>
        <rect x="-58" y="-26" width="116" height="52" rx="6" />
        <text y="-9" text-anchor="middle" class="strong">
          {name}
        </text>
        <text y="6" text-anchor="middle">
          {power(view?.demand?.demandMw)}
        </text>
        <text y="20" text-anchor="middle">
          {price(view?.price?.priceUsdPerMwh)}
        </text>
      </g>
    </a>
  );
}

function Regions({ world, view, chosen }: { readonly world: WorldSummary; readonly view: View; readonly chosen: string }) {
  return (
    <section class="card" aria-label="Regions">
      <h2>Regions</h2>
      <table>
        <thead>
          <tr>
            <th>region</th>
            {['load', 'output', 'could deliver', 'net in', 'not taken', 'stored', 'price', 'of it scarcity'].map((name) => (
              <th key={name} class="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {world.regions.map(({ id, name }) => {
            const { supply = null, demand = null, price: priced = null, curtailedMw = null } = view.regions[id] ?? {};
            return (
              <tr key={id} data-region={id} class={id === chosen ? 'chosen' : ''}>
                <td>
                  <b>{name}</b>
                </td>
                <td class="num">{power(demand?.demandMw)}</td>
                <td class="num">{power(supply?.generationMw)}</td>
                <td class="num">{power(supply?.availableMw)}</td>
                <td class="num">{power(supply === null ? null : supply.importMw - supply.exportMw)}</td>
                <td class="num">{power(curtailedMw)}</td>
                <td class="num">{supply === null ? '–' : `${number(supply.storedMwh)} MWh`}</td>
                <td class="num">{price(priced?.priceUsdPerMwh)}</td>
                <td class="num">{price(priced?.reserveScarcityUsdPerMwh)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const shownLines = 40;

function Lines({ world, view, chosen }: { readonly world: WorldSummary; readonly view: View; readonly chosen: string }) {
  const ends = new Map(world.lines.map((line) => [line.id, line]));
  const lines = Object.values(view.regions)
    .flatMap(({ flow }) => flow?.lines ?? [])
    .map((line) => ({ ...line, ends: ends.get(line.line), loading: line.ratingMw === 0 ? null : Math.abs(line.netFlowMw) / line.ratingMw }))
    .filter(({ ends: at, line }) => chosen === '' || line === chosen || at?.from === chosen || at?.to === chosen)
    .sort((a, b) => (b.loading ?? 2) - (a.loading ?? 2) || (a.line < b.line ? -1 : 1));
  return (
    <section class="card" aria-label="Lines by loading">
      <h2>
        Lines by loading{' '}
        <span class="quiet">
          {chosen === '' ? '' : `of ${chosen}; `}
          {lines.length > shownLines ? `${shownLines} of ${lines.length}` : lines.length}
          {chosen !== '' && (
            <>
              {' '}
              <a href={linkTo('grid')}>all</a>
            </>
          )}
        </span>
      </h2>
      {lines.length === 0 && <p class="quiet">None heard.</p>}
      <ul class="bars">
        {lines.slice(0, shownLines).map(({ line, netFlowMw, ratingMw, ends: at, loading }) => (
          <li key={line} data-line={line} class={loading === null ? 'bad' : toneOf(loading)}>
            <span>
              {spaced(line)}{' '}
              <span class="quiet small">
                {at === undefined ? '' : `${netFlowMw >= 0 ? at.from : at.to} → ${netFlowMw >= 0 ? at.to : at.from}`}
              </span>
            </span>
            <span class="bar">
              <i style={{ width: `${Math.min(100, (loading ?? 0) * 100)}%` }} />
            </span>
            <span class="num">{loading === null ? '■ out' : `${power(Math.abs(netFlowMw))} of ${power(ratingMw)}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Interfaces({ view }: { readonly view: View }) {
  const all = Object.values(view.regions).flatMap(({ flow }) => flow?.interfaces ?? []);
  if (all.length === 0) return null;
  return (
    <section class="card" aria-label="Interfaces">
      <h2>Interfaces</h2>
      <ul class="bars">
        {all.map(({ interface: id, netFlowMw, limitMw }) => (
          <li key={id} class={toneOf(limitMw > 0 ? netFlowMw / limitMw : 0)}>
            <span>{spaced(id)}</span>
            <span class="bar">
              <i style={{ width: `${Math.max(0, Math.min(100, limitMw > 0 ? (netFlowMw / limitMw) * 100 : 0))}%` }} />
            </span>
            <span class="num">
              {power(netFlowMw)} of {power(limitMw)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
