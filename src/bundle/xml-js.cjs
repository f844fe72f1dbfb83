// xml-js without its reading half.
exports.js2xml = require('xml-js/lib/js2xml');
