exports.xml2js = require('xml-js/lib/xml2js');
exports.js2xml = require('./never.cjs');
