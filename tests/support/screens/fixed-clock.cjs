// Loaded before the program: it begins at the same moment each time, so that what it prints is the same.
const began = performance.now();
const start = Date.parse(process.env.FIXED_CLOCK);

globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(start + (performance.now() - began));
    else super(...args);
  }

  static now() {
    return start + (performance.now() - began);
  }
};
