import {
  combineErrors,
  describeError,
  type ErrorCode,
  EXIT,
  exitStatusOf,
  isTransient,
  MailroomError,
} from '../src/errors';

function failure(code: ErrorCode, message = `a ${code} failure`, hint?: string): MailroomError {
  return new MailroomError({ code, message, hint });
}

describe('the exit status', () => {
  it.each<[ErrorCode, number]>([
    ['usage', 64],
    ['settings', 78],
    ['credentials', 78],
    ['missing', 78],
    ['transient', 75],
    ['refused', 75],
    ['protocol', 75],
  ])('of %s is %i', (code, status) => {
    expect(exitStatusOf(failure(code))).toBe(status);
  });

  it.each([
    ['a defect', new TypeError('x is undefined')],
    ['something thrown that is no error', 'oops'],
    ['nothing', undefined],
  ])('of %s is 75', (_, thrown) => {
    expect(exitStatusOf(thrown)).toBe(EXIT.tryAgain);
  });
});

describe('isTransient', () => {
  it.each<[ErrorCode, boolean]>([
    ['transient', true],
    ['refused', false],
    ['protocol', false],
    ['credentials', false],
  ])('is for %s %p', (code, expected) => {
    expect(isTransient(failure(code))).toBe(expected);
  });

  it('is false of a defect', () => {
    expect(isTransient(new Error('transient'))).toBe(false);
  });
});

describe('MailroomError', () => {
  it('keeps its cause, where it has one', () => {
    const cause = new Error('socket');
    expect(new MailroomError({ code: 'transient', message: 'm', cause }).cause).toBe(cause);
    expect(failure('transient')).not.toHaveProperty('cause');
  });
});

describe('combineErrors', () => {
  it('gives a single fault back as it is', () => {
    const only = failure('transient');
    expect(combineErrors([only])).toBe(only);
  });

  it('names all faults and what to do about each, in one message', () => {
    expect(
      combineErrors([failure('transient', 'Mail is away.', 'Wait.'), failure('credentials', 'Wrong password')]),
    ).toMatchObject({ code: 'credentials', message: 'Mail is away (Wait); Wrong password' });
  });

  it.each<[ErrorCode, ErrorCode, ErrorCode]>([
    ['transient', 'credentials', 'credentials'],
    ['credentials', 'transient', 'credentials'],
    ['transient', 'missing', 'missing'],
    ['protocol', 'transient', 'protocol'],
    ['missing', 'credentials', 'missing'],
  ])('takes of %s and %s the code %s', (one, other, code) => {
    expect(combineErrors([failure(one), failure(other)])).toMatchObject({ code });
  });

  it('gives a defect rather than what else went wrong', () => {
    const defect = new TypeError('x is undefined');
    expect(combineErrors([failure('credentials'), defect])).toBe(defect);
    expect(combineErrors([defect])).toBe(defect);
  });

  it('keeps all faults as the cause', () => {
    const [one, other] = [failure('transient'), failure('missing')];
    expect((combineErrors([one, other]) as MailroomError).cause).toMatchObject({ errors: [one, other] });
  });
});

describe('describeError', () => {
  it.each([
    ['what happened', failure('transient', 'Mail is away'), 'Mail is away.'],
    ['what to do', failure('missing', 'Feed is missing', 'Make it'), 'Feed is missing. Make it.'],
    [
      'one stop at the end of a sentence',
      failure('missing', 'Feed is missing.', 'Make it.'),
      'Feed is missing. Make it.',
    ],
  ])('says %s', (_, error, text) => {
    expect(describeError(error)).toBe(text);
  });

  it.each([
    ['an error', new TypeError('x is undefined'), 'TypeError: x is undefined'],
    ['a text', 'oops', 'oops'],
    ['nothing', undefined, 'undefined'],
  ])('calls %s a defect', (_, thrown, reason) => {
    expect(describeError(thrown)).toMatch(/^Mailroom has a defect: .*\. Please report it; MAILROOM_LOG_LEVEL=debug/);
    expect(describeError(thrown)).toContain(reason);
  });
});
