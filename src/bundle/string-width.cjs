/** Its patterns and its segmenter cost as much as a start of Node.js when they are made; texts of plain letters need none. */
let stringWidth;

module.exports = (text) => {
  stringWidth ??= require('string-width').default;
  return stringWidth(text);
};
