import { PassThrough, type Writable } from 'node:stream';
import { createTerminalProgress } from '../src/progress';

const ERASE = '\r\u001b[2K';

function terminal(columns = 80): { readonly stream: Writable & { columns: number }; readonly text: () => string } {
  const stream = new PassThrough();
  return { stream: Object.assign(stream, { columns }), text: () => String(stream.read() ?? '') };
}

describe('progress on a terminal', () => {
  it('draws a bar, and takes it away when the work is done', () => {
    const { stream, text } = terminal();
    let now = 0;
    const progress = createTerminalProgress({ stream, clock: () => now });
    progress.show('Making mailboxes', 1, 4);
    expect(text()).toBe(`${ERASE}Making mailboxes [======                  ] 1/4`);
    now += 100;
    progress.show('Making mailboxes', 4, 4);
    expect(text()).toBe(ERASE);
    progress.end();
    expect(text()).toBe('');
  });

  it('shows nothing of work that is soon done', () => {
    const { stream, text } = terminal();
    let now = 0;
    const progress = createTerminalProgress({ stream, quietFor: 2000, clock: () => now });
    progress.show('Triage', 1, 4);
    now = 1999;
    progress.show('Triage', 2, 4);
    expect(text()).toBe('');
    now = 2000;
    progress.show('Triage', 3, 4);
    expect(text()).toContain('3/4');
  });

  it('draws no more often than a person can see', () => {
    const { stream, text } = terminal();
    let now = 0;
    const progress = createTerminalProgress({ stream, clock: () => now });
    for (let done = 1; done <= 1000; done++) {
      now += 1;
      progress.show('Reset', done, 1001);
    }
    expect(text().split(ERASE).length - 1).toBe(20);
  });

  it.each([
    ['is never wider than the terminal', 20, 'Making mailboxes [='],
    ['is whole on a terminal that does not say how wide it is', 0, 'Making mailboxes [======                  ] 1/4'],
  ])('%s', (_, columns, line) => {
    const { stream, text } = terminal(columns);
    createTerminalProgress({ stream, clock: () => 0 }).show('Making mailboxes', 1, 4);
    expect(text()).toBe(`${ERASE}${line}`);
  });

  it('makes way for lines of another stream', () => {
    const { stream, text } = terminal();
    const log = new PassThrough();
    const progress = createTerminalProgress({ stream, clock: () => 0 });
    const lines = progress.besides(log);
    progress.show('Triage', 1, 4);
    text();
    lines.write('Triaged\n');
    expect(text()).toBe(ERASE);
    expect(String(log.read())).toBe('Triaged\n');
    lines.write('Triaged\n');
    expect(text()).toBe('');
  });
});
