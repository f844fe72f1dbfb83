import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { confusablesInDomains, domainsAlone } from './data-alone.mjs';
import ky from './ky.cjs';

/** A file beside this one. */
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Parts of libraries that no command can reach, and what the bundle holds in their place. Tests run the libraries as they
 * are installed; the system suites run the bundle.
 */
const REPLACED = {
  // The log: one logger, two formats and the stream transport; no colours, no files, no HTTP, no defaults of its own.
  winston: here('winston.cjs'),
  logform: here('logform.cjs'),
  // Node's streams are what this package is made from.
  'readable-stream': 'node:stream',
  'readable-stream/lib/_stream_writable.js': here('writable.cjs'),
  // Messages for those who debug winston and tsdav themselves.
  '@dabh/diagnostics': here('no-debug.cjs'),
  debug: here('no-debug.mjs'),
  // Writes the XML of requests; Mailroom reads answers by another parser.
  'xml-js': here('xml-js.cjs'),
  // What winston does at its end, and where it is given no format: neither happens.
  'async/forEach': here('never.cjs'),
  'logform/json': here('never.cjs'),
  'winston-transport/legacy': here('never.cjs'),
  // Evaluated when a text needs it.
  'string-width': here('string-width.cjs'),
  // The same code, before it was compiled for engines that know neither modules nor private fields.
  envalid: 'envalid/src/index.ts',
  vcard4: here('../../node_modules/vcard4/src/index.js'),
};

/** What winston's modules name from beside them. */
const OF_WINSTON = {
  './exception-handler': here('no-handler.cjs'),
  './rejection-handler': here('no-handler.cjs'),
  // Measures times; takes transports of winston 2.
  './profiler': here('never.cjs'),
  './legacy': here('never.cjs'),
};

/** Makes a bundle without the parts of libraries that nothing reaches. */
export const withoutUnreachable = {
  name: 'without-unreachable',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const replacement = REPLACED[path];
      // What stands in for a library may use the library.
      if (replacement === undefined || pluginData === SEEN || importer.startsWith(here('.'))) return undefined;
      if (replacement.startsWith('/')) return { path: replacement };
      if (replacement.startsWith('node:')) return { path: replacement, external: true };
      return build.resolve(replacement, { kind, resolveDir, importer, pluginData: SEEN });
    });
    build.onResolve({ filter: /^\.\// }, ({ path, importer }) =>
      /[/\\]winston(-transport)?[/\\]\w+\.js$/.test(importer) && path in OF_WINSTON
        ? { path: OF_WINSTON[path] }
        : undefined,
    );
    build.onLoad({ filter: /[/\\]emailproviders\.json$/ }, async ({ path }) => ({
      contents: domainsAlone(await readFile(path, 'utf8')),
      loader: 'json',
    }));
    build.onLoad({ filter: /[/\\]unhomoglyph[/\\]data\.json$/ }, async ({ path }) => ({
      contents: confusablesInDomains(await readFile(path, 'utf8')),
      loader: 'json',
    }));
    build.onLoad({ filter: /\.m?js$/ }, async ({ path }) => ({
      contents: changed(path, await readFile(path, 'utf8')),
    }));
  },
};

/** A library's module as the bundle holds it. */
export function changed(path, source) {
  if (ky.MODULE.test(path)) return ky.onOwnMessages(source);
  if (path.endsWith('sax.js')) return withoutHtml(source);
  if (path.endsWith('js-yaml.mjs')) return withoutWriting(source);
  return path.endsWith('tsdav.mjs') ? withoutDefaultExport(source) : source;
}

/**
 * tsdav's default export is an object that all its functions are spread into, and so keeps all of them in a bundle that
 * uses one.
 */
function withoutDefaultExport(source) {
  const shaken = source.replace(/^var src_default = \{[^}]*\};$/m, 'var src_default;');
  if (shaken === source) throw new Error('tsdav looks different from what src/bundle/left-out.mjs knows');
  return shaken;
}

/**
 * js-yaml reads in the first part of its file and writes in the second. Of the first are taken out the schemas of YAML 1.1,
 * of JSON and for writing, and the tags that they alone have.
 */
function withoutWriting(source) {
  const [reading, writing] = source.split('//#region src/ast/from_js.ts\n');
  const coreAlone = reading
    .replace(/^var JSON_SCHEMA = [^;]*;$/m, '')
    .replace(/^var YAML11_SCHEMA = [\s\S]*?^\/\/#endregion$/m, '')
    .replace(/^\/\/#region src\/tag\/\w+\/(\w+)\.ts\n[\s\S]*?^\/\/#endregion$/gm, (tag, name) =>
      CORE_TAGS.includes(name) ? tag : '',
    );
  if (writing === undefined || coreAlone.length > reading.length / 1.2) {
    throw new Error('js-yaml looks different from what src/bundle/left-out.mjs knows');
  }
  return `${coreAlone}export { CORE_SCHEMA, load };\n`;
}

/** YAML 1.2, section 10.3. */
const CORE_TAGS = ['str', 'null_core', 'bool_core', 'int_core', 'float_core', 'seq', 'map'];

/**
 * XML has five entities, and no others are taken for any (`strictEntities`). Of the parser's two forms the one that is a
 * stream is taken out.
 */
function withoutHtml(source) {
  const xml = source.replace(
    /sax\.ENTITIES = Object\.assign\(Object\.create\(null\), \{[^}]*\}\)/,
    'sax.ENTITIES = {}',
  );
  const parser = xml
    .replace(/^ {2}sax\.(SAXStream|createStream) = \1\n/gm, '')
    .replace(/^ {2}var Stream\n[\s\S]*?(?=^ {2}\/\/ this really needs to be replaced)/m, '');
  if (xml === source || parser === xml || /Stream\b/.test(parser)) {
    throw new Error('sax looks different from what src/bundle/left-out.mjs knows');
  }
  return parser;
}

const SEEN = Symbol('seen');
