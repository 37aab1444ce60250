import type { View } from '../../api/viewTypes.js';
import { spaced } from './format.js';
import { linkTo, pages, type Page } from './route.js';

/** The pages, with what waits on each: alarms nobody has noted, campuses that are asked for something. */
export function Nav({ page, view }: { readonly page: Page; readonly view: View }) {
  const waiting: Readonly<Partial<Record<Page, number>>> = {
    alarms: Object.values(view.alarms).filter(({ status }) => status === 'active').length,
    flexibility: Object.values(view.campuses).filter(({ power }) => (power?.reductionTargetMw ?? 0) > 0).length,
  };
  return (
    <nav class="pages" aria-label="Pages">
      {pages.map((name, place) => (
        <a key={name} href={linkTo(name)} aria-current={name === page ? 'page' : undefined} title={`Key ${place + 1}`}>
          {spaced(name)}
          {(waiting[name] ?? 0) > 0 && <span class="count">{waiting[name]}</span>}
        </a>
      ))}
      <Scheme />
    </nav>
  );
}

/** Dark or light whatever the system asks for; remembered by the browser. */
function Scheme() {
  const swap = (): void => {
    const isDark =
      document.documentElement.dataset['scheme'] === 'dark' || (document.documentElement.dataset['scheme'] === undefined && prefersDark());
    setScheme(isDark ? 'light' : 'dark');
  };
  return (
    <button type="button" class="link" onClick={swap} title="Dark or light">
      ◐ <span class="wide">dark or light</span>
    </button>
  );
}

function prefersDark(): boolean {
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

const storedAs = 'loadstone-scheme';

function setScheme(scheme: 'dark' | 'light'): void {
  document.documentElement.dataset['scheme'] = scheme;
  localStorage.setItem(storedAs, scheme);
  dispatchEvent(new Event('scheme'));
}

/** Takes up the scheme that was chosen last. */
export function restoreScheme(): void {
  const stored = localStorage.getItem(storedAs);
  if (stored === 'dark' || stored === 'light') document.documentElement.dataset['scheme'] = stored;
}

/** `dark` or `light`, as it is drawn now. */
export function schemeNow(): 'dark' | 'light' {
  const chosen = document.documentElement.dataset['scheme'];
  return chosen === 'dark' || (chosen === undefined && prefersDark()) ? 'dark' : 'light';
}
