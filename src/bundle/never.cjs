module.exports = () => {
  throw new Error('This part of a library is not in the bundle: src/bundle/left-out.mjs');
};
