/** For exceptions and rejections that nobody catches: they are Node's to report, and winston is never told to. */
module.exports = class {
  handle() {
    throw new Error('This part of winston is not in the bundle: src/bundle/left-out.mjs');
  }

  unhandle() {}
};
