import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../embedded/server';
import { settingsOf } from '../mailroom';
import { openTerminal } from '../terminal';
import { CLOCK_OPTIONS, type Scene, setStage } from './scenes';

export const WIDTHS = [80, 120] as const;

export type Width = (typeof WIDTHS)[number];

/** What a terminal of some width showed: as text, and with its colours as SGR sequences. */
export interface Screens {
  readonly args: readonly string[];
  readonly plain: ReadonlyMap<Width, string>;
  readonly coloured: ReadonlyMap<Width, string>;
}

/** Takes the screen of each scene, on real terminals and on a mail server in memory. Name of the scene → screens. */
export async function takeScreens(): Promise<ReadonlyMap<string, Screens>> {
  const server = await startEmbedded();
  const stage = await setStage(server);
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-screens-'));
  try {
    await symlink(resolve('dist'), join(folder, 'dist'));
    const take = async ({ args, env, account }: Scene, columns: Width, colour: boolean): Promise<string> => {
      // Each run has an account of its own: one that writes does not change what the next one shows.
      const copy = account === undefined ? undefined : server.copyUser(account.account);
      const settings = { ...env, ...(copy === undefined ? {} : settingsOf(copy)), ...CLOCK_OPTIONS };
      const terminal = await openTerminal({
        columns,
        rows: 100,
        folder,
        env: colour ? settings : { ...settings, NO_COLOR: '1' },
        command: ['node', 'dist/run.js', ...args],
      });
      try {
        await terminal.ended();
        return (await terminal.shown(colour)).trimEnd();
      } finally {
        await terminal.close();
        if (copy !== undefined) server.removeUser(copy);
      }
    };
    const taken = new Map<string, Screens>();
    for (const scene of stage.scenes) {
      const [plain, coloured] = await Promise.all(
        [false, true].map(async (colour) => {
          const screens = WIDTHS.map(async (width) => [width, await take(scene, width, colour)] as const);
          return new Map(await Promise.all(screens));
        }),
      );
      if (plain !== undefined && coloured !== undefined) taken.set(scene.name, { args: scene.args, plain, coloured });
    }
    return taken;
  } finally {
    await stage.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}
