import { resolve } from 'node:path';
import type { EmbeddedServer } from '../embedded/server';
import { livedInAccount } from '../lived-in';
import { runMailroom, settingsOf } from '../mailroom';
import { openAccount, type TestAccount } from '../test-account';
import { startStateServer } from './state-server';

/** A command as the documents show it. */
export interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** An account to run on that nobody else writes to; undefined for a command without one. */
  readonly account: TestAccount | undefined;
}

/** When all of it takes place. */
export const FIXED_CLOCK = '2026-03-01T10:00:00Z';

export const CLOCK_OPTIONS = {
  FIXED_CLOCK,
  NODE_OPTIONS: `--require ${resolve('tests/support/screens/fixed-clock.cjs')}`,
};

/** Who waits besides those of the account in the middle of its life: a list, a namesake, and a name that pretends. */
export const WAITING = [
  {
    from: 'Night Owls <no-reply@night-owls.example>',
    subject: 'Issue 12: the long night',
    receivedAt: '2026-01-18T08:00:00Z',
    headers: { 'List-Id': '<issues.night-owls.example>' },
  },
  {
    from: 'Nora Beck <nora.beck@other-host.example>',
    subject: 'My new address',
    receivedAt: '2026-01-17T08:00:00Z',
  },
  {
    from: '"PayPal Service <service@paypal.example> via our trusted partners" <evil3@attacker.example>',
    subject: 'Your account is on hold: confirm your data today',
    receivedAt: '2026-01-16T08:00:00Z',
  },
  {
    from: '=?utf-8?b?5p2x5Lqs44Gu5pys5bGL?= <hello@books.example>',
    subject: '=?utf-8?b?5paw5YiK44Gu44GU5qGI5YaF?=',
    receivedAt: '2026-01-14T08:00:00Z',
  },
] as const;

export interface Stage {
  readonly scenes: readonly Scene[];
  stop(): Promise<void>;
}

/** Sets up what the documents show. */
export async function setStage(server: EmbeddedServer): Promise<Stage> {
  const bare = await openAccount(await server.addUser('new'));
  const waiting = await livedInAccount(server, 'waiting');
  await waiting.addMessages(WAITING.map((message) => ({ ...message, mailboxes: ['Screener'] })));
  const triaged = await livedInAccount(server, 'triaged');
  await runMailroom(['--once'], { account: triaged.account, env: CLOCK_OPTIONS });
  const evening = await openAccount(server.copyUser(triaged.account));
  await evening.addMessages(WAITING.map((message) => ({ ...message, mailboxes: ['Screener'] })));
  const state = await startStateServer({
    'mailroom/consecutive-failures': '12',
    'mailroom/last-success': '2026-03-01T08:57:00.000Z',
    'mailroom/last-failure': '2026-03-01T09:55:00.000Z',
    'mailroom/last-error': 'JMAP: the mail server does not answer',
  });
  const scene = (name: string, account: TestAccount | undefined, ...args: readonly string[]): Scene => {
    return { name, args, account, env: account === undefined ? {} : settingsOf(account.account) };
  };
  return {
    scenes: [
      scene('help', undefined, '--help'),
      scene('help-reset', undefined, 'reset', '--help'),
      scene('mistyped', undefined, 'setpu'),
      scene('version', undefined, 'version'),
      scene('help-completion', undefined, 'completion', '--help'),
      scene('setup', bare, 'setup'),
      scene('setup-apply', bare, 'setup', '--apply'),
      withEnv(scene('check', waiting, 'check'), { MAILROOM_GROUP_JAIL: 'Prison', MAILROOM_LABEL_TO_FED: '@Read' }),
      scene('queue', waiting, 'queue'),
      scene('letter', evening, 'letter'),
      scene('dry-run', waiting, '--once', '--dry-run'),
      scene('explain', waiting, 'explain', 'deals@city-news.example'),
      scene('once', waiting, '--once'),
      scene('explain-after', triaged, 'explain', 'deals@city-news.example'),
      scene('explain-conflict', triaged, 'explain', 'club@readers.example'),
      scene('history', triaged, 'history'),
      scene('reset', triaged, 'reset'),
      scene('reset-apply', triaged, 'reset', '--apply', '--yes'),
      withEnv(scene('status', waiting, 'status'), state.env),
    ],
    stop: state.stop,
  };
}

function withEnv(scene: Scene, env: Readonly<Record<string, string>>): Scene {
  return { ...scene, env: { ...scene.env, ...env } };
}
