import { readFileSync } from 'node:fs';
import { describeOnBookServers } from '../support/on-servers';
import { HABITS } from './server-habits';

/** Of the table in docs/development.md: what each server does, by the title of the row and the name of the column. */
function documented(): (title: string, name: string) => string | undefined {
  const lines = readFileSync('docs/development.md', 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| habit |'));
  const rows = lines.slice(start, lines.indexOf('', start)).map((line) => line.slice(2, -2).split(' | '));
  const [names = [], , ...habits] = rows;
  if (habits.length !== HABITS.length) throw new Error('The table in docs/development.md has not a row for each habit');
  return (title, name) => habits.find(([habit]) => habit === title)?.[names.indexOf(name)];
}

const inTable = documented();

describeOnBookServers('The habits of CardDAV that docs/development.md tells', (server, name) => {
  it.each(HABITS)('$title', async ({ title, look }) => {
    expect(await look(await server().addUser())).toBe(inTable(title, name));
  });
});
