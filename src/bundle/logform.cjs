/** Levels of winston's own, with their colours, are registered here; the log has its own levels and no colours. */
exports.levels = (config) => config.levels;
