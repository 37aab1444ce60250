import { useEffect, useState } from 'preact/hooks';

/** The pages, in the order of their keys 1 to 7. */
export const pages = ['overview', 'grid', 'campuses', 'build-out', 'flexibility', 'alarms', 'streams'] as const;
export type Page = (typeof pages)[number];

/** Where the person is: a page, and what of it is looked at; '' for all of it. */
export interface Route {
  readonly page: Page;
  readonly id: string;
}

/** Address of a page within the document, so that every place can be linked, kept and gone back to. */
export function linkTo(page: Page, id = ''): string {
  return id === '' ? `#${page}` : `#${page}/${encodeURIComponent(id)}`;
}

function routeOf(hash: string): Route {
  const [name = '', id = ''] = hash.slice(1).split('/', 2);
  const page = pages.find((known) => known === name);
  return page === undefined ? { page: 'overview', id: '' } : { page, id: decodeURIComponent(id) };
}

/** The route as the address says it; the keys 1 to 7 lead to the pages while no field is being written in. */
export function useRoute(): Route {
  const [route, setRoute] = useState(routeOf(location.hash));
  useEffect(() => {
    const change = (): void => setRoute(routeOf(location.hash));
    const press = (event: KeyboardEvent): void => {
      const isWriting = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      const page = pages[Number(event.key) - 1];
      if (!isWriting && page !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) location.hash = linkTo(page);
    };
    addEventListener('hashchange', change);
    addEventListener('keydown', press);
    return () => {
      removeEventListener('hashchange', change);
      removeEventListener('keydown', press);
    };
  }, []);
  return route;
}
