const { resolve } = require('node:path');

const MESSAGES = JSON.stringify(resolve(__dirname, '../http/messages.ts'));

/**
 * A module of ky, which finds our messages in place of Node's. It looks them up in `globalThis` and by their bare names;
 * both become imports of this one module.
 */
exports.onOwnMessages = (source) =>
  `import { FETCH_STANDARD as globalThis, Request, Response } from ${MESSAGES};\n${source}`;

/** Paths of ky's modules. */
exports.MODULE = /[/\\]node_modules[/\\]ky[/\\].*\.js$/;
