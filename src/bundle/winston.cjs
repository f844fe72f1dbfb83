/** Of winston's entry, what `src/log.ts` uses. The whole of it makes a default logger, and loads every transport's parts. */
exports.createLogger = require('winston/lib/winston/create-logger');
exports.format = { printf: require('logform/printf') };
exports.transports = { Stream: require('winston/lib/winston/transports/stream') };
