import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of pages on the loopback. */
export interface PageServer {
  readonly origin: string;
  /** Paths that were asked for, in order; the icon of the site, for which every browser asks, is left out. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** @param pages path → the page there */
export async function startPageServer(
  pages: (origin: string) => Readonly<Record<string, string>>,
): Promise<PageServer> {
  const asked: string[] = [];
  let shown: Readonly<Record<string, string>> = {};
  const server = createServer(({ url = '' }, response) => {
    if (url !== '/favicon.ico') asked.push(url);
    const page = shown[url];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  shown = pages(origin);
  return {
    origin,
    asked,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}
