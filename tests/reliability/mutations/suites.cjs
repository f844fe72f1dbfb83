const Module = require('node:module');
const { readdirSync, readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');
const { transformIgnorePatterns } = require('../../../jest.config.cjs');

// From the folder that StrykerJS has copied all into, and changed.
const { process: transform } = require(resolve('tests/support/esbuild-transform.cjs'));

/** Time of the processor. */
const QUICK_MS = 50;

const asTheyAre = transformIgnorePatterns.map((pattern) => new RegExp(pattern));
const transformed = new Set();

function compile(module, path) {
  transformed.add(path);
  module._compile(transform(readFileSync(path, 'utf8'), path).code, path);
}

const loadScript = Module._extensions['.js'];
Module._extensions['.js'] = (module, path) =>
  (asTheyAre.some((pattern) => pattern.test(path)) ? loadScript : compile)(module, path);
Module._extensions['.ts'] = (module, path) => {
  // Measuring times is no use on a busy machine.
  if (path.endsWith('/time-ratio.ts')) module.exports = { timeRatio: () => 1 };
  else compile(module, path);
};

/** The block whose tests are being read, with the file that it stands in. */
let block;
let file;

const blockIn = (outer, title) => ({
  title,
  outer,
  parts: [],
  hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] },
});
const outwards = (inner) => (inner === undefined ? [] : [inner, ...outwards(inner.outer)]);

function describe(title, body) {
  const outer = block;
  block = blockIn(outer, title);
  outer.parts.push(block);
  body();
  block = outer;
}

function it(title, body) {
  const names = [title, ...outwards(block).map((each) => each.title)].reverse();
  block.parts.push({ name: names.join(' ').trim(), file, body, within: block });
}

const hook = (kind) => (body) => block.hooks[kind].push(body);

Object.assign(globalThis, {
  expect,
  // Real servers are no use: they take seconds.
  describe: Object.assign((title, body) => / on Cyrus/.test(title) || describe(title, body), {
    each: bind(describe, false),
    skip: () => undefined,
  }),
  it: Object.assign(it, { each: bind(it, false) }),
  beforeAll: hook('beforeAll'),
  beforeEach: hook('beforeEach'),
  afterEach: hook('afterEach'),
  afterAll: hook('afterAll'),
  jest: new ModuleMocker(globalThis),
});

/** All suites in these folders, from modules that are loaded anew: a block. */
exports.loadSuites = (folders) => {
  for (const path of transformed) delete require.cache[path];
  const all = blockIn(undefined, '');
  for (const folder of folders)
    for (const path of readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .sort()) {
      file = resolve(folder, path);
      block = all;
      describe('', () => require(file));
    }
  const names = new Map();
  for (const test of testsOf(all)) {
    const before = names.get(test.name) ?? 0;
    names.set(test.name, before + 1);
    test.id = before === 0 ? test.name : `${test.name} (${before + 1})`;
    test.processorMs = 0;
  }
  return all;
};

const testsOf = (part) => (part.parts === undefined ? [part] : part.parts.flatMap(testsOf));

/**
 * Runs tests one after the other, those that were quick before first, until `onResult` says that it is enough.
 *
 * @param isWanted by the id of a test.
 * @param onTest with the id of the test that begins, and undefined between tests.
 * @param onResult with the test, and the error of one that fails; true ends it.
 */
exports.runSuites = async (all, { isWanted, onTest, onResult }) => {
  const runPart = async (part, chosen) => {
    const first = testsOf(part).find((test) => chosen.has(test));
    if (first === undefined) return false;
    if (part.parts === undefined) return runTest(part);
    try {
      await runAll(part.hooks.beforeAll);
    } catch (error) {
      return onResult(first, error);
    }
    try {
      for (const inner of [...part.parts]) if (await runPart(inner, chosen)) return putFirst(inner, part.parts);
      return false;
    } finally {
      await runAll(part.hooks.afterAll);
    }
  };
  const runTest = async (test) => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    onTest(test.id);
    const error = await errorOf(test);
    onTest(undefined);
    const { user, system } = process.cpuUsage(before);
    test.ms = performance.now() - started;
    test.processorMs = (user + system) / 1_000;
    return onResult(test, error);
  };
  const wanted = testsOf(all).filter(({ id }) => isWanted(id));
  const slow = new Set(wanted.filter(({ processorMs }) => processorMs > QUICK_MS));
  const quick = new Set(wanted.filter((test) => !slow.has(test)));
  if (!(await runPart(all, quick))) await runPart(all, slow);
};

/** What has just found a mutant is likely to find the next one too. */
function putFirst(part, parts) {
  parts.splice(parts.indexOf(part), 1);
  parts.unshift(part);
  return true;
}

const runAll = async (hooks) => {
  for (const each of hooks) await each();
};

async function errorOf(test) {
  const blocks = outwards(test.within);
  const around = (kind) => blocks.map(({ hooks }) => hooks[kind]);
  expect.setState({ assertionCalls: 0, expectedAssertionsNumber: null, isExpectingAssertions: false });
  const unhandled = unhandledError();
  const run = async () => {
    await runAll(around('beforeEach').reverse().flat());
    try {
      await test.body();
    } finally {
      await runAll(around('afterEach').flat());
    }
    const [missing] = expect.extractExpectedAssertionsErrors();
    if (missing !== undefined) throw missing.error;
  };
  try {
    await Promise.race([run(), unhandled.happens]);
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing was thrown');
  } finally {
    unhandled.stop();
  }
}

/** As in jest, a rejection that nobody handles fails the test. */
function unhandledError() {
  let listener;
  const happens = new Promise((_, reject) => {
    listener = reject;
    process.on('unhandledRejection', listener).on('uncaughtException', listener);
  });
  happens.catch(() => undefined);
  return {
    happens,
    stop: () => process.off('unhandledRejection', listener).off('uncaughtException', listener),
  };
}
