import type { View, WorldSummary } from '../../api/viewTypes.js';
import { number, power, price } from './format.js';
import { SingleLosses } from './security.js';

type Word = 'normal' | 'watch' | 'warning' | 'emergency';

const meanings: Readonly<Record<Word, { readonly shape: string; readonly tone: string; readonly sentence: string }>> = {
  normal: { shape: '●', tone: '', sentence: 'Reserve meets its requirement.' },
  watch: { shape: '◆', tone: 'caution', sentence: 'Reserve is below its requirement. Nothing is shed; flexible load may be called.' },
  warning: { shape: '▲', tone: 'caution strong', sentence: 'Reserve is well below its requirement.' },
  emergency: { shape: '■', tone: 'bad', sentence: 'Reserve is nearly used up. One more loss can leave load unserved.' },
};

/** The system in one word, its reserve against the requirement, and the figures of now. */
export function SystemState({ world, view }: { readonly world: WorldSummary; readonly view: View }) {
  const { reserve } = view.system;
  if (reserve === null)
    return (
      <section class="card state">
        <h2>System</h2>
        <p class="quiet">No reserve heard yet.</p>
      </section>
    );
  const meaning = meanings[reserve.state];
  return (
    <section class="card state" aria-label="System state">
      <div class={`word ${meaning.tone}`} data-state={reserve.state} role="status">
        <span aria-hidden="true">{meaning.shape}</span> {reserve.state.toUpperCase()}
      </div>
      <p class="quiet sentence">{reserve.sentence ?? meaning.sentence}</p>
      <ReserveBar world={world} availableMw={reserve.availableMw} requirementMw={reserve.requirementMw} tone={meaning.tone} />
      <Figures view={view} />
      <SingleLosses system={view.system} />
      <Outages view={view} />
    </section>
  );
}

interface ReserveBarProps {
  readonly world: WorldSummary;
  readonly availableMw: number;
  readonly requirementMw: number;
  readonly tone: string;
}

function ReserveBar({ world, availableMw, requirementMw, tone }: ReserveBarProps) {
  const fullMw = requirementMw * 2 || 1;
  const at = (valueMw: number): string => `${Math.min(100, (valueMw / fullMw) * 100)}%`;
  const { warningBelowMw, emergencyBelowMw } = world.reserve;
  return (
    <div class="reserve">
      <div class="pair">
        <span>
          Reserve <b>{power(availableMw)}</b>
        </span>
        <span class="quiet">required {power(requirementMw)}</span>
      </div>
      <div class={`bullet ${tone}`}>
        <i class="fill" style={{ width: at(availableMw) }} />
        {[emergencyBelowMw, warningBelowMw].map((limitMw) => (
          <i key={limitMw} class="tick" style={{ left: at(limitMw) }} />
        ))}
        <i class="tick main" style={{ left: at(requirementMw) }} />
      </div>
      <div class="scale">
        <span style={{ left: at(emergencyBelowMw) }}>{emergencyBelowMw}</span>
        <span style={{ left: at(warningBelowMw) }}>{warningBelowMw}</span>
        <span class="end">{availableMw > fullMw ? `${Math.round(fullMw)} and more` : `${Math.round(fullMw)} MW`}</span>
      </div>
    </div>
  );
}

/** Sum over what is known; null when nothing is. */
function sum(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

function Figures({ view }: { readonly view: View }) {
  const regions = Object.values(view.regions);
  const campuses = Object.values(view.campuses);
  const prices = regions.flatMap((region) => (region.price === null ? [] : [region.price.priceUsdPerMwh]));
  const demandMw = sum(regions.map(({ demand }) => demand?.demandMw));
  const unservedMw = sum(regions.map(({ demand }) => demand?.unservedMw)) ?? 0;
  const askedMw = sum(campuses.map(({ power: drawn }) => drawn?.reductionTargetMw)) ?? 0;
  const low = Math.min(...prices);
  const high = Math.max(...prices);
  return (
    <dl class="figures">
      <Figure name="Demand" value={power(demandMw)} />
      <Figure name="of it campuses" value={power(sum(regions.map(({ demand }) => demand?.campusMw)))} />
      <Figure name="Generation" value={power(sum(regions.map(({ supply }) => supply?.generationMw)))} />
      <Figure name="Curtailed" value={power(sum(regions.map(({ curtailedMw }) => curtailedMw)))} />
      <Figure
        name="Price, low to high"
        value={prices.length === 0 ? '–' : high - low < 0.05 ? price(high) : `${number(low)} … ${number(high)}\u00a0$/MWh`}
      />
      <Figure name="Flexible load asked" value={power(askedMw)} tone={askedMw > 0 ? 'caution' : ''} />
      {unservedMw > 0 && <Figure name="Unserved" value={power(unservedMw)} tone="bad" />}
    </dl>
  );
}

function Figure({ name, value, tone = '' }: { readonly name: string; readonly value: string; readonly tone?: string }) {
  const shape = tone === 'bad' ? '■ ' : tone === 'caution' ? '▲ ' : '';
  return (
    <div class={tone}>
      <dt>{name}</dt>
      <dd>
        {shape}
        {value}
      </dd>
    </div>
  );
}

function Outages({ view }: { readonly view: View }) {
  const out = Object.entries(view.outages).filter(([, outage]) => outage.isOut);
  if (out.length === 0) return <p class="quiet outages">Nothing is out of service by a trip.</p>;
  return (
    <ul class="outages">
      {out.map(([id, { equipment, capacityMw }]) => (
        <li key={id}>
          <span class="caution">▲</span> {equipment} {id} out, {power(capacityMw)}
        </li>
      ))}
    </ul>
  );
}
