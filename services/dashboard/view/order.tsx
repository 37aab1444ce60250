import { useState } from 'preact/hooks';
import { sendIntent } from './connection.js';
import { spaced } from './format.js';

/** What somebody is about to ask for: what it would do, and whether a second person has to confirm it. */
interface Shown {
  readonly effect: string;
  readonly needsSecond: boolean;
}

interface OrderProps {
  readonly action: string;
  readonly target: string;
  readonly label: string;
}

/** A button that first shows what would happen and asks why, and only then asks for it; a refusal stays where it was asked. */
export function Order({ action, target, label }: OrderProps) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [reason, setReason] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const show = async (): Promise<void> => {
    setTold(null);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ action, target, actor: 'dashboard', reason: 'shown ahead' });
    try {
      const answer = await fetch('/api/effect', { method: 'POST', headers, body });
      const found = (await answer.json()) as Shown & { readonly error?: { readonly message: string } };
      if (answer.ok) setShown(found);
      else setTold(found.error?.message ?? `effect: answered ${answer.status}`);
    } catch {
      setTold('the api does not answer');
    }
  };
  const send = async (): Promise<void> => {
    const refused = await sendIntent('/api/inject', { action, target, actor: 'dashboard', reason });
    setTold(
      refused ??
        (shown?.needsSecond === true ? 'proposed; another operator has to confirm it' : 'asked for; it takes effect with the next tick'),
    );
    setShown(null);
    setReason('');
  };
  return (
    <span class="order" data-order={`${action}/${target}`}>
      {shown === null ? (
        <button type="button" class="link" onClick={() => void show()}>
          {label}
        </button>
      ) : (
        <form
          class="order-form"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <b>
            {spaced(action)} {target}
          </b>
          <p>{shown.effect}.</p>
          {shown.needsSecond && <p class="caution">▲ It goes away from safety: another operator has to confirm it.</p>}
          <input
            required
            maxLength={200}
            placeholder="why"
            aria-label="Why"
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <button type="submit">{shown.needsSecond ? 'Propose' : 'Do it'}</button>
          <button type="button" onClick={() => setShown(null)}>
            Leave it
          </button>
        </form>
      )}
      {told !== null && (
        <span class="quiet small" role="status">
          {told}
        </span>
      )}
    </span>
  );
}
