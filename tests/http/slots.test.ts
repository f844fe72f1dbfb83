import { Slots } from '../../src/http/slots';

describe('slots', () => {
  let started: string[];
  let end: Record<string, () => void>;
  beforeEach(() => {
    started = [];
    end = {};
  });

  function task(name: string): () => Promise<string> {
    return () =>
      new Promise((resolve) => {
        started.push(name);
        end[name] = () => resolve(name);
      });
  }

  async function settled(): Promise<void> {
    await new Promise(setImmediate);
  }

  it('run as many tasks as they are, and the others in their order', async () => {
    const slots = new Slots(2);
    const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => slots.run(undefined, task(name))));
    await settled();
    expect(started).toEqual(['a', 'b']);
    end['b']?.();
    await settled();
    expect(started).toEqual(['a', 'b', 'c']);
    end['a']?.();
    end['c']?.();
    await settled();
    end['d']?.();
    await expect(all).resolves.toEqual(['a', 'b', 'c', 'd']);
  });

  it('let nobody slip in when somebody else is called', async () => {
    const slots = new Slots(1);
    const first = slots.run(undefined, task('first'));
    const second = slots.run(undefined, task('second'));
    await settled();
    end['first']?.();
    await first;
    const third = slots.run(undefined, task('third'));
    await settled();
    expect(started).toEqual(['first', 'second']);
    end['second']?.();
    await settled();
    end['third']?.();
    await Promise.all([second, third]);
  });

  it('are free again after a task that fails', async () => {
    const slots = new Slots(1);
    await expect(slots.run(undefined, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(slots.run(undefined, () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('can become fewer, but not more, nor none', async () => {
    const slots = new Slots(3);
    slots.lower(9);
    slots.lower(0);
    const both = [slots.run(undefined, task('a')), slots.run(undefined, task('b'))];
    await settled();
    expect(started).toEqual(['a']);
    end['a']?.();
    await settled();
    end['b']?.();
    await Promise.all(both);
  });

  it('send whoever waits away on an abort, and nobody else', async () => {
    const slots = new Slots(1);
    const abort = new AbortController();
    const first = slots.run(undefined, task('first'));
    const leaves = slots.run(abort.signal, task('leaves'));
    const stays = slots.run(undefined, task('stays'));
    abort.abort(new Error('enough'));
    await expect(leaves).rejects.toThrow('enough');
    await expect(slots.run(abort.signal, task('late'))).rejects.toThrow('enough');
    end['first']?.();
    await first;
    await settled();
    expect(started).toEqual(['first', 'stays']);
    end['stays']?.();
    await stays;
  });
});
