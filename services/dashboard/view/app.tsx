import { useEffect, useMemo, useState } from 'preact/hooks';
import { wallNow } from '../../../shared/runtime/clock.js';
import { Alarms, type AlarmOrder } from './alarms.js';
import { Campuses } from './campuses.js';
import { sendIntent, useConnection, type Connection, type Twin } from './connection.js';
import { age, type Zone } from './format.js';
import { freshnessOf, type Freshness } from './freshness.js';
import { demandAhead } from './ahead.js';
import { PriceChart, ReserveChart, SupplyChart } from './charts.js';
import { asOf, HistoryBar, useHistory } from './history.js';
import { Nav } from './nav.js';
import { BuildOutPage } from './pages/buildout.js';
import { CampusPage } from './pages/campus.js';
import { FlexibilityPage } from './pages/flexibility.js';
import { GridPage } from './pages/grid.js';
import { StreamsPage } from './pages/streams.js';
import { Proposals, SignedIn, usePeople } from './people.js';
import { Projects } from './projects.js';
import { useRoute, type Route } from './route.js';
import { Runs } from './runs.js';
import { SystemState } from './state.js';
import { Strip } from './strip.js';
import { Tail } from './tail.js';

/** The page: the only part that holds the connection and sends intents; everything below gets properties. */
export function App() {
  const connection = useConnection();
  const wallMs = useWallClock();
  const route = useRoute();
  const { session, proposals, again } = usePeople(connection.twin?.tail.findLast(({ domain }) => domain === 'control')?.id ?? 0);
  const [zoneKind, setZoneKind] = useState<Zone['kind']>('local');
  const [refusal, setRefusal] = useState<string | null>(null);
  const send = (path: string, body: Readonly<Record<string, unknown>>): void => {
    void sendIntent(path, { actor: 'dashboard', ...body }).then(setRefusal);
  };
  const history = useHistory();
  const { twin: live } = connection;
  if (live === null) return <Waiting connection={connection} />;
  const twin = history.looking === null ? live : asOf(live, history.looking);
  const zone: Zone = { kind: zoneKind, utcOffsetMinutes: twin.world.utcOffsetMinutes };
  const freshness = freshnessOf(connection, live, wallMs);
  return (
    <>
      <Strip
        twin={live}
        zone={zone}
        freshness={freshness}
        refusal={refusal}
        person={<SignedIn session={session} again={again} />}
        onDismiss={() => setRefusal(null)}
        onZone={() => setZoneKind(zoneKind === 'local' ? 'utc' : 'local')}
        onPause={() => send('/api/clock/pause', { reason: 'dashboard' })}
        onResume={() => send('/api/clock/resume', { reason: 'dashboard' })}
        onRate={(rate) => send('/api/clock/rate', { rate, reason: 'dashboard' })}
      />
      <Banner connection={connection} freshness={freshness} wallMs={wallMs} />
      <Proposals proposals={proposals} session={session} again={again} onRefused={setRefusal} />
      <HistoryBar twin={live} zone={zone} history={history} />
      <Nav page={route.page} view={twin.view} />
      <Place
        route={route}
        twin={twin}
        zone={zone}
        // What is long past does not get stale.
        freshness={history.looking === null ? freshness : { ...freshness, isStale: false }}
        isHistory={history.looking !== null}
        onOrder={(action, target, untilMs) => {
          const until = untilMs === null ? {} : { untilTime: new Date(untilMs).toISOString() };
          send('/api/inject', { action, target, reason: 'from the dashboard', ...until });
        }}
      />
    </>
  );
}

interface BoardProps {
  readonly twin: Twin;
  readonly zone: Zone;
  readonly freshness: Freshness;
  readonly isHistory: boolean;
  readonly onOrder: AlarmOrder;
}

/** What the route leads to; a page that is not the overview is greyed as a whole when its values are stale. */
function Place({ route, ...board }: BoardProps & { readonly route: Route }) {
  const { twin, zone, freshness, onOrder } = board;
  const { world, view, rows } = twin;
  if (route.page === 'overview') return <Board {...board} />;
  const page = (() => {
    switch (route.page) {
      case 'grid':
        return <GridPage world={world} view={view} id={route.id} />;
      case 'campuses':
        return <CampusPage world={world} view={view} rows={rows} zone={zone} id={route.id} />;
      case 'build-out':
        return <BuildOutPage world={world} view={view} zone={zone} />;
      case 'flexibility':
        return <FlexibilityPage world={world} view={view} zone={zone} id={route.id} />;
      case 'alarms':
        return (
          <main class="page">
            <Alarms view={view} zone={zone} onOrder={onOrder} />
          </main>
        );
      case 'streams':
        return <StreamsPage twin={twin} zone={zone} freshness={freshness} />;
    }
  })();
  return (
    <div
      class={`place ${freshness.isStale ? 'stale' : ''} ${board.isHistory ? 'past' : ''}`}
      data-stale={freshness.isStale}
      data-page={route.page}
    >
      {page}
    </div>
  );
}

function Board({ twin, zone, freshness, isHistory, onOrder }: BoardProps) {
  const { world, view, rows, tail } = twin;
  const heights = useChartHeights();
  const chart = { columns: world.sampleColumns, rows, zone };
  const nowMs = rows.at(-1)?.[0] ?? 0;
  const ahead = useMemo(() => demandAhead(view, nowMs), [view.regions, nowMs]);
  return (
    <main class={`board ${freshness.isStale ? 'stale' : ''} ${isHistory ? 'past' : ''}`} data-stale={freshness.isStale}>
      <div class="left">
        <SystemState world={world} view={view} />
        <Campuses world={world} view={view} columns={world.sampleColumns} rows={rows} zone={zone} />
      </div>
      <SupplyChart {...chart} heightPx={heights.large} ahead={ahead} />
      <PriceChart {...chart} heightPx={heights.small} regions={world.regions} />
      <ReserveChart {...chart} heightPx={heights.small} />
      <Runs world={world} view={view} />
      <Projects world={world} view={view} zone={zone} />
      <div class="side">
        <Alarms view={view} zone={zone} onOrder={onOrder} />
        <Tail entries={tail} zone={zone} />
      </div>
    </main>
  );
}

function Banner({
  connection,
  freshness,
  wallMs,
}: {
  readonly connection: Connection;
  readonly freshness: Freshness;
  readonly wallMs: number;
}) {
  if (connection.lostAtMs !== null) {
    return (
      <div class="banner bad" role="alert">
        <b>✕ Connection lost</b> {age(wallMs - connection.lostAtMs)} ago. The values below are the last ones heard and are greyed. Trying
        again…
      </div>
    );
  }
  if (!freshness.isStale) return null;
  return (
    <div class="banner caution" role="alert">
      <b>▲ No new data</b> for {age(freshness.ageMs)}: the twin’s clock gives no mark. The values below are the last ones heard and are
      greyed.
    </div>
  );
}

function Waiting({ connection }: { readonly connection: Connection }) {
  return (
    <div class="waiting">
      <h1>Loadstone</h1>
      <p role="status">{connection.lostAtMs === null ? 'Connecting to the twin…' : '✕ The api does not answer. Trying again…'}</p>
    </div>
  );
}

/** Heights of the large and the small charts, so that one screen holds the whole board. */
function useChartHeights(): { readonly large: number; readonly small: number } {
  const [windowPx, setWindowPx] = useState(innerHeight);
  useEffect(() => {
    const measure = (): void => setWindowPx(innerHeight);
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  const share = (ratio: number, leastPx: number, mostPx: number): number =>
    Math.round(Math.min(mostPx, Math.max(leastPx, windowPx * ratio)));
  return { large: share(0.28, 200, 460), small: share(0.145, 110, 240) };
}

/** Wall time in ms, anew four times a second, so that ages grow while nothing arrives. */
function useWallClock(): number {
  const [wallMs, setWallMs] = useState(wallNow());
  useEffect(() => {
    const timer = setInterval(() => setWallMs(wallNow()), 250);
    return () => clearInterval(timer);
  }, []);
  return wallMs;
}
