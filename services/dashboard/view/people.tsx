import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../api/controls.js';
import type { Proposal } from '../../api/proposals.js';
import { spaced } from './format.js';
import { sendIntent } from './connection.js';

const askEveryMs = 2_000;

async function read<Value>(path: string): Promise<Value | null> {
  try {
    const answer = await fetch(path);
    return answer.ok ? ((await answer.json()) as Value) : null;
  } catch {
    // The server is away; the banner says so.
    return null;
  }
}

/** Who is at the page, and what waits for a second person; asked again with every new `event`, when something was sent, and now and then. */
export function usePeople(event: number): {
  readonly session: Session | null;
  readonly proposals: readonly Proposal[];
  readonly again: () => void;
} {
  const [session, setSession] = useState<Session | null>(null);
  const [proposals, setProposals] = useState<readonly Proposal[]>([]);
  const again = (): void => {
    void read<Session>('/api/session').then((found) => found !== null && setSession(found));
    void read<readonly Proposal[]>('/api/proposals').then((found) => found !== null && setProposals(found));
  };
  useEffect(() => {
    again();
    const timer = setInterval(again, askEveryMs);
    return () => clearInterval(timer);
  }, []);
  useEffect(again, [event]);
  return { session, proposals, again };
}

/** Who is signed in, with the way in where changes need a token. */
export function SignedIn({ session, again }: { readonly session: Session | null; readonly again: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  if (session === null || (!session.isClosed && session.name === null)) return null;
  const sign = (given: string): void => {
    void sendIntent('/api/session', { token: given }).then((refused) => {
      setTrouble(refused);
      if (refused === null) setAsking(false);
      setToken('');
      again();
    });
  };
  if (session.name !== null)
    return (
      <span class="fact" data-person={session.name}>
        <small>{session.role}</small> {session.name}{' '}
        <button type="button" class="link" onClick={() => sign('')}>
          sign out
        </button>
      </span>
    );
  if (!isAsking)
    return (
      <button type="button" onClick={() => setAsking(true)}>
        Sign in
      </button>
    );
  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        sign(token);
      }}
    >
      <input
        type="password"
        aria-label="Token"
        placeholder="token"
        autocomplete="off"
        value={token}
        onInput={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <button type="submit">Sign in</button>
      {trouble !== null && (
        <span class="bad" role="alert">
          ▲ {trouble}
        </span>
      )}
    </form>
  );
}

interface ProposalsProps {
  readonly proposals: readonly Proposal[];
  readonly session: Session | null;
  readonly again: () => void;
  readonly onRefused: (reason: string | null) => void;
}

/** What waits for a second person, on every page: exactly what was shown to the first, to confirm or to take back. */
export function Proposals({ proposals, session, again, onRefused }: ProposalsProps) {
  const send = (path: string, body: Readonly<Record<string, unknown>>): void => {
    void sendIntent(path, { actor: session?.name ?? 'dashboard', ...body }).then((refused) => {
      onRefused(refused);
      again();
    });
  };
  return (
    <>
      {proposals.map(({ id, intent, effect, hash }) => (
        <div key={id} class="banner caution proposal" role="status" data-proposal={intent.target}>
          <b>▲ {intent.actor} proposes:</b> {spaced(intent.action)} {intent.target}. {effect}.{' '}
          <span class="quiet">Because: {intent.reason}</span>{' '}
          {session?.name === intent.actor ? (
            <>
              <span>Another operator has to confirm it.</span>{' '}
              <button type="button" onClick={() => send('/api/proposals/withdraw', { proposal: id })}>
                Withdraw
              </button>
            </>
          ) : (
            <button type="button" onClick={() => send('/api/proposals/confirm', { proposal: id, hash })}>
              Confirm
            </button>
          )}
        </div>
      ))}
    </>
  );
}
