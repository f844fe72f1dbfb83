import { programName } from '../src/program';

describe('the name of the program', () => {
  it.each([
    ['node dist/run.js', '/home/ann/mailroom/dist/run.js', '/home/ann/mailroom', {}],
    ['node run.js', '/app/run.js', '/app', {}],
    ['node /app/run.js', '/app/run.js', '/tmp', {}],
    ['node /home/ann/mailroom/dist/run.js', '/home/ann/mailroom/dist/run.js', undefined, {}],
    ['node "my mail/run.js"', '/home/ann/my mail/run.js', '/home/ann', {}],
    ['mailroom', '/usr/local/bin/mailroom', '/home/ann', { PATH: '/usr/bin:/usr/local/bin' }],
    ['/opt/bin/mailroom', '/opt/bin/mailroom', '/home/ann', { PATH: '/usr/bin' }],
    [
      'npx mailroom',
      '/src/node_modules/.bin/mailroom',
      '/src',
      { PATH: '/src/node_modules/.bin', npm_command: 'exec' },
    ],
  ])('is %s', (name, script, folder, environment) => {
    expect(programName({ argv: ['/usr/bin/node', script], folder, environment })).toBe(name);
  });
});
