// The requests in the file that REQUESTS names, by node:https and nothing else: what they cost any program. Those to one
// server follow each other on one connection, as a cycle makes them.
const { readFileSync } = require('node:fs');
const https = require('node:https');

for (const server of JSON.parse(readFileSync(process.env.REQUESTS, 'utf8'))) void inOrder(server);

async function inOrder(requests) {
  const agent = new https.Agent({ keepAlive: true });
  for (const request of requests) await send(request, agent);
  agent.destroy();
}

function send({ url, body, ...options }, agent) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { ...options, agent }, (answer) => {
      if (answer.statusCode >= 400) reject(new Error(`HTTP ${answer.statusCode}`));
      answer.on('data', () => {}).on('end', resolve);
    });
    request.on('error', reject).end(body);
  });
}
