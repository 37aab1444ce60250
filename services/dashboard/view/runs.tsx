import type { RunView, View, WorldSummary } from '../../api/viewTypes.js';
import { Order } from './order.js';
import { money, number, percent, power, spaced } from './format.js';

type RunState = NonNullable<RunView['progress']>['state'];

const looks: Readonly<Record<RunState, { readonly shape: string; readonly tone: string }>> = {
  waiting: { shape: '○', tone: 'quiet' },
  running: { shape: '●', tone: '' },
  throttled: { shape: '◆', tone: 'caution' },
  checkpointing: { shape: '◆', tone: 'caution' },
  paused: { shape: '❚❚', tone: 'caution' },
  restoring: { shape: '◆', tone: 'caution' },
  finished: { shape: '✓', tone: 'quiet' },
  tripped: { shape: '■', tone: 'bad' },
};

/** Each training run: what it does, where its sequence stands, power, cap and progress with the last checkpoint. */
export function Runs({ world, view, campus }: { readonly world: WorldSummary; readonly view: View; readonly campus?: string }) {
  const own = Object.entries(view.runs).filter(([, run]) => campus === undefined || run.campus === campus);
  return (
    <section class="card runs" aria-label="Training runs">
      <h2>Training runs</h2>
      <table>
        <thead>
          <tr>
            <th>run</th>
            <th>doing</th>
            <th>sequence</th>
            <th class="num">power</th>
            <th class="num">cap</th>
            <th>progress</th>
            {campus !== undefined && <th>ask</th>}
          </tr>
        </thead>
        <tbody>
          {own.map(([id, run]) => (
            <Run
              key={id}
              id={id}
              run={run}
              canBeAsked={campus !== undefined}
              accelerators={world.runs.find((known) => known.id === id)?.accelerators ?? null}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RunProps {
  readonly id: string;
  readonly run: RunView;
  readonly accelerators: number | null;
  readonly canBeAsked: boolean;
}

function Run({ id, run, accelerators, canBeAsked }: RunProps) {
  const { progress, sequence, settlement } = run;
  const look = looks[progress?.state ?? 'waiting'];
  const phase = sequence?.phase ?? 'running';
  const settled =
    settlement === null ? '' : `; last settlement ${money(settlement.netUsd)} net, ${number(settlement.lostSteps)} steps not made`;
  return (
    <tr data-run={id} title={`${number(accelerators)} accelerators at ${run.campus}${settled}`}>
      <td>
        <b>{id}</b>
      </td>
      <td class={look.tone}>
        <span aria-hidden="true">{look.shape}</span> {progress?.state ?? 'waiting'}
        {progress?.movingTo === undefined ? '' : `, on its way to ${progress.movingTo}`}
      </td>
      <td class={phase === 'running' || phase === 'finished' || phase === 'settled' ? 'quiet' : 'caution'}>
        {progress === null || progress.state === 'waiting' ? '–' : spaced(phase)}
      </td>
      <td class="num">{power(progress?.powerMw)}</td>
      <td class={`num ${progress !== null && progress.capRatio < 1 && progress.state !== 'waiting' ? 'caution' : 'quiet'}`}>
        {progress === null || progress.state === 'waiting' ? '–' : percent(progress.capRatio)}
      </td>
      <td>
        <Progress progress={progress} />
      </td>
      {canBeAsked && (
        <td>
          {progress?.state === 'running' || progress?.state === 'throttled' ? <Order action="pause-run" target={id} label="pause" /> : null}
          {progress?.state === 'paused' ? <Order action="resume-run" target={id} label="resume" /> : null}
        </td>
      )}
    </tr>
  );
}

function Progress({ progress }: { readonly progress: RunView['progress'] }) {
  if (progress === null || progress.totalSteps === 0) return <span class="quiet">–</span>;
  const { completedSteps, checkpointedSteps, totalSteps } = progress;
  const done = completedSteps / totalSteps;
  return (
    <span class="progress" title={`step ${number(completedSteps)} of ${number(totalSteps)}, checkpoint at ${number(checkpointedSteps)}`}>
      <span class="bar">
        <i style={{ width: `${done * 100}%` }} />
      </span>
      <span class="num">{percent(done, 1)}</span>
    </span>
  );
}
